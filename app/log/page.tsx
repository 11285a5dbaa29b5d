import { CurrentCheckpoint, WhatALogIs } from "./about-the-log";
import { FoundEntries } from "./found-entries";
import { NewestEntries } from "./newest-entries";
import { SearchForm } from "@/components/forms/search-form";
import { Page } from "@/components/layout/page";
import { EmptyState } from "@/components/ui/notice";
import { findLogSummary } from "@/lib/evidence/queries/log-summary";
import { currentTime } from "@/lib/platform/clock";
import type { Metadata } from "next";

type Props = PageProps<"/log">;

export const metadata: Metadata = {
  title: "The public log",
  description:
    "Every signed statement of this market stands in a log that can only grow, and that anybody can check.",
};

export default async function LogPage({ searchParams }: Props) {
  const { q, before } = await searchParams;
  const query = typeof q === "string" ? q.trim().toLowerCase().slice(0, 200) : "";
  const [log, now] = await Promise.all([findLogSummary(), currentTime()]);
  return (
    <Page
      title="The public log"
      lead="Whatever is signed in this market is entered here: evaluations, claims, answers, withdrawals, steps of deals as salted digests, rulings. Entries can be added, and never changed or taken out without everybody noticing who looks."
    >
      {log === null ? (
        <EmptyState title="Nothing is published yet">
          The log has not published its first checkpoint.
        </EmptyState>
      ) : (
        <div className="grid gap-x-12 gap-y-8 lg:grid-cols-[minmax(0,1fr)_22rem]">
          <div className="grid min-w-0 content-start gap-6">
            <SearchForm
              action="/log"
              fieldClass="basis-72"
              name="q"
              label="Find an entry"
              hint="The digest of files, of an envelope or of a key, or the hash of a leaf: 64 hex digits."
              defaultValue={query}
              autoComplete="off"
              spellCheck={false}
              className="font-mono"
            />
            {query === "" ? (
              <NewestEntries log={log} before={before} now={now} />
            ) : (
              <FoundEntries query={query} now={now} />
            )}
          </div>
          <aside aria-label="About the log" className="grid content-start gap-4">
            <CurrentCheckpoint log={log} now={now} />
            <WhatALogIs />
          </aside>
        </div>
      )}
    </Page>
  );
}
