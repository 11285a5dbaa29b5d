import type { Originator } from "@/lib/catalogue/listing";
import { isGap, spanText, type TimelineEntry, withGaps } from "@/lib/catalogue/timeline";
import { exactTime, Moment } from "@/components/ui/moment";

const originatorText: Record<Originator, string> = {
  seller: "the seller",
  contributor: "a contributor",
  platform: "Offcut",
  evaluator: "an evaluator",
  buyer: "a buyer",
  moderator: "a moderator",
};

const RECENT_MS = 60 * 86_400_000;

/** What is known of a listing in order, newest first; each entry names who says so, and silences are shown. */
export function Timeline({ entries, now }: { entries: readonly TimelineEntry[]; now: Date }) {
  if (entries.length === 0) return <p className="text-ink-2">Nothing is stated.</p>;
  return (
    <ol className="ml-1.5 border-l-[1.5px] border-line-strong">
      {withGaps(entries, now).map((item) =>
        isGap(item) ? (
          <li key={`gap-${item.fromDate.toISOString()}`} className="relative pb-4 pl-5 text-ink-3">
            <i className="absolute top-1.5 -left-[6px] size-[10.5px] rounded-full border-[1.5px] border-dashed border-ink-3 bg-paper" />
            <span className="mr-2.5 text-sm">{spanText(item.fromDate, item.toDate)}</span>
            Nothing known
          </li>
        ) : (
          <li key={item.id} className="relative pb-4 pl-5">
            <i
              className={`absolute top-2 -left-[5px] size-2 rounded-full ${item.isAdverse ? "bg-ochre" : "bg-ink-3"}`}
            />
            <span className="mr-2.5 text-sm text-ink-3">
              <When entry={item} now={now} />
            </span>
            {item.isAdverse && <span className="text-ochre">Adverse: </span>}
            {item.text}
            <span className="block text-xs text-ink-3">says {originatorText[item.originator]}</span>
          </li>
        ),
      )}
    </ol>
  );
}

function When({ entry, now }: { entry: TimelineEntry; now: Date }) {
  const isRecent = now.getTime() - entry.fromDate.getTime() < RECENT_MS;
  if (isRecent && !entry.toDate) return <Moment at={entry.fromDate} now={now} />;
  return (
    <time dateTime={entry.fromDate.toISOString()} title={exactTime(entry.fromDate)}>
      {spanText(entry.fromDate, entry.toDate)}
    </time>
  );
}
