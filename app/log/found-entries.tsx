import { LogEntryList } from "@/components/evidence/log-entry-list";
import { EmptyState } from "@/components/ui/notice";
import { MAX_FOUND, searchLog } from "@/lib/evidence/queries/log-entries";
import { listStatementsAbout } from "@/lib/evidence/queries/statements-about";
import { completenessText } from "@/lib/statements/completeness-text";

const found = {
  leaf: "The entry with this leaf hash",
  envelope: "Entries of this envelope",
  files: "Entries about this digest",
  key: "Entries signed with this key",
} as const;

export async function FoundEntries({ query, now }: { query: string; now: Date }) {
  const [, slug] = /\/listings\/([\w-]+)/.exec(query) ?? [];
  if (slug)
    return (
      <EmptyState
        title="This is the address of a listing"
        action={{ href: `/listings/${slug}/statements`, text: "See all statements about its files" }}
      >
        The log knows files by their digest, and a listing shows every entry about its own.
      </EmptyState>
    );
  if (!/^[0-9a-f]{64}$/.test(query))
    return (
      <EmptyState title="This is not a digest">
        A digest has 64 characters from 0 to 9 and a to f. Every evidence card shows those of its files,
        envelope and key.
      </EmptyState>
    );
  const [{ as, entries }, about] = await Promise.all([searchLog(query), listStatementsAbout(query)]);
  if (as === null)
    return (
      <EmptyState title="No entry bears this digest">
        The published log has no leaf, envelope, file or key of this digest. What was handed in a moment ago
        appears with the next checkpoint.
      </EmptyState>
    );
  const isWhole = entries.length < MAX_FOUND;
  return (
    <section aria-labelledby="entries-title" className="grid gap-3">
      <h2 id="entries-title">
        {found[as]}
        {isWhole ? "" : `, the newest ${MAX_FOUND}`}
      </h2>
      {as === "files" && about && about.total > 0 && <p className="text-ink-2">{completenessText(about)}.</p>}
      <LogEntryList entries={entries} now={now} />
      <p className="text-sm">
        <a href="/log">All entries</a>
      </p>
    </section>
  );
}
