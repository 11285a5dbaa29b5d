import { Moment } from "@/components/ui/moment";
import { TextLink } from "@/components/ui/text-link";
import type { LoggedEntry } from "@/lib/evidence/logged-entry";
import { SentenceText } from "./sentence";

/** Entries of the log, each with the sentence it records. */
export function LogEntryList({ entries, now }: { entries: readonly LoggedEntry[]; now: Date }) {
  return (
    <ol className="rounded-lg border border-line bg-surface">
      {entries.map((entry) => (
        <li
          key={entry.leafHash}
          className="grid gap-x-4 gap-y-1 border-line px-5 py-3 not-last:border-b sm:grid-cols-[8rem_1fr]"
        >
          <p className="text-sm text-ink-3">
            <TextLink href={`/log/entries/${entry.index}`} className="tabular-nums">
              Entry {entry.index.toLocaleString("en")}
            </TextLink>
            <br />
            <Moment at={entry.integratedAt} now={now} />
          </p>
          {entry.statement ? (
            <div className="min-w-0">
              <p className="text-sm text-ink-3">{entry.statement.title}</p>
              <p className="max-w-[68ch] break-words text-pretty">
                <SentenceText sentence={entry.statement.headline} />
              </p>
            </div>
          ) : (
            <PayloadUnavailable />
          )}
        </li>
      ))}
    </ol>
  );
}

/** The entry stands, and what it recorded can no longer be read here. */
export function PayloadUnavailable() {
  return (
    <p className="max-w-[68ch] text-ochre">
      Payload unavailable: what was signed was erased or is not kept here. The entry and its proof stay.
    </p>
  );
}
