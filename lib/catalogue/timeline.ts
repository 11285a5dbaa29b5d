import type { Originator } from "./listing";

export type TimelineEntry = {
  id: string;
  kind: string;
  fromDate: Date;
  toDate: Date | null;
  text: string;
  originator: Originator;
  isAdverse: boolean;
  /** For example an evaluation's id. */
  subjectId: string | null;
};

/** A stretch of time of which nobody reported anything. */
export type TimelineGap = { kind: "gap"; fromDate: Date; toDate: Date };

const DAY_MS = 86_400_000;
/** Shorter silences are ordinary. */
export const GAP_DAYS = 180;

/**
 * The entries, newest first, with every silence of more than 180 days between them shown as a gap. Nothing is
 * claimed of the time before the first entry; the time since the last one counts as a silence too.
 */
export function withGaps(entries: readonly TimelineEntry[], now: Date): (TimelineEntry | TimelineGap)[] {
  const ordered = [...entries].sort(
    (a, b) => a.fromDate.getTime() - b.fromDate.getTime() || (a.id < b.id ? -1 : 1),
  );
  const line: (TimelineEntry | TimelineGap)[] = [];
  let knownUntil: Date | null = null;
  for (const entry of ordered) {
    if (knownUntil) line.push(...gapBetween(knownUntil, entry.fromDate));
    line.push(entry);
    const end: Date = entry.toDate ?? entry.fromDate;
    if (!knownUntil || end > knownUntil) knownUntil = end;
  }
  if (knownUntil) line.push(...gapBetween(knownUntil, now));
  return line.reverse();
}

function gapBetween(fromDate: Date, toDate: Date): TimelineGap[] {
  const isLong = toDate.getTime() - fromDate.getTime() > GAP_DAYS * DAY_MS;
  return isLong ? [{ kind: "gap", fromDate, toDate }] : [];
}

export function isGap(item: TimelineEntry | TimelineGap): item is TimelineGap {
  return item.kind === "gap";
}

/** "2002", "March 2002", "2002 – 2003": as exact as a reader needs for something long ago. */
export function spanText(from: Date, to: Date | null): string {
  const isWholeYears = to && from.getUTCMonth() === 0 && (to.getUTCMonth() === 11 || to.getUTCMonth() === 0);
  const long = to !== null && to.getTime() - from.getTime() > 2 * 365 * DAY_MS;
  const form: Intl.DateTimeFormatOptions =
    isWholeYears || long ? { year: "numeric" } : { year: "numeric", month: "short" };
  const format = new Intl.DateTimeFormat("en-GB", { ...form, timeZone: "UTC" });
  const first = format.format(from);
  const last = to ? format.format(to) : first;
  return first === last ? first : `${first} – ${last}`;
}
