import type { Continuity, KnownLog, LogEvidence } from "@/lib/log/continuity";

/** What this browser remembers of logs, by their name. It stays on this machine. */

type Compare = (kept: KnownLog | null, shown: KnownLog) => Promise<Continuity>;

let last: Promise<unknown> = Promise.resolve();

/**
 * Demands that a log continues what this browser saw of it before, and keeps the larger checkpoint. What contradicts
 * is kept as evidence, and the older memory stays. One at a time, so that two rows of a page cannot overtake each other.
 */
export function demandContinuity(shown: KnownLog, compare: Compare): Promise<Continuity> {
  const next = last.then(async () => {
    const origin = originOf(shown);
    const seen = await compare(keptLog(origin), shown);
    if (seen.state === "consistent") write(logItem(origin), seen.known);
    if (seen.state === "failed") write(evidenceItem(origin), seen.evidence);
    return seen;
  });
  last = next.catch(() => undefined);
  return next;
}

/** The checkpoint kept of a log, or null. */
export function keptLog(origin: string): KnownLog | null {
  const value = read(logItem(origin)) as Partial<KnownLog> | null;
  const isKnown = typeof value?.vkey === "string" && typeof value.checkpoint === "string";
  return isKnown ? { vkey: value.vkey!, checkpoint: value.checkpoint! } : null;
}

/** Evidence that the log of this site told two stories, kept until somebody forgets it; null when there is none. */
export function keptEvidence(): LogEvidence | null {
  const item = ownItems().find((name) => name.startsWith(EVIDENCE));
  return item === undefined ? null : (read(item) as LogEvidence | null);
}

/** Forgets every log of this site and all evidence: the next checkpoint is taken as the first. */
export function forgetLogs(): void {
  try {
    for (const item of ownItems()) localStorage.removeItem(item);
  } catch {
    // Without storage nothing was kept.
  }
}

/** Everything that is kept here. */
function ownItems(): string[] {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(EVIDENCE) || name.startsWith(LOG));
  } catch {
    return [];
  }
}

/** The name that a log's key bears: `<host>/log/1`. */
export function originOf({ vkey }: KnownLog): string {
  return vkey.slice(0, Math.max(vkey.indexOf("+"), 0));
}

const LOG = "offcut-log ";
const EVIDENCE = "offcut-log-evidence ";

function logItem(origin: string): string {
  return LOG + origin;
}

function evidenceItem(origin: string): string {
  return EVIDENCE + origin;
}

function read(item: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(item) ?? "null");
  } catch {
    return null;
  }
}

function write(item: string, value: unknown): void {
  try {
    localStorage.setItem(item, JSON.stringify(value));
  } catch {
    // A browser that keeps nothing sees every log for the first time.
  }
}
