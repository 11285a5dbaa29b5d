import { TextLink } from "@/components/ui/text-link";
import { endBefore } from "./end-before";
import { LogEntryList } from "@/components/evidence/log-entry-list";
import { listLogEntries } from "@/lib/evidence/queries/log-entries";
import type { LogSummary } from "@/lib/evidence/queries/log-summary";

const PER_PAGE = 25;

type Props = { log: LogSummary; before: string | string[] | undefined; now: Date };

export async function NewestEntries({ log, before, now }: Props) {
  const end = endBefore(before, log.size);
  const entries = await listLogEntries(end, PER_PAGE);
  const first = entries.at(-1)?.index ?? 0n;
  const newer = end + BigInt(PER_PAGE);
  return (
    <section aria-labelledby="entries-title" className="grid gap-3">
      <h2 id="entries-title">{end === log.size ? "Newest entries" : `Entries ${first} to ${end - 1n}`}</h2>
      <LogEntryList entries={entries} now={now} />
      <nav aria-label="Pages" className="flex gap-5 text-sm">
        {end < log.size && (
          <TextLink href={newer < log.size ? `/log?before=${newer}` : "/log"}>Newer</TextLink>
        )}
        {first > 0n && <TextLink href={`/log?before=${first}`}>Older</TextLink>}
      </nav>
    </section>
  );
}
