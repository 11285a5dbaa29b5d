import type { Metadata } from "next";
import { CheckpointRows } from "@/components/verification/checkpoint-rows";
import { LogEntryList } from "@/components/evidence/log-entry-list";
import { Page } from "@/components/layout/page";
import { Button, ButtonLink } from "@/components/ui/button";
import { TextField } from "@/components/ui/field";
import { Moment } from "@/components/ui/moment";
import { EmptyState } from "@/components/ui/notice";
import { Facts, Panel } from "@/components/ui/panel";
import { completenessText } from "@/lib/statements/completeness-text";
import { MAX_FOUND, listLogEntries, searchLog } from "@/lib/evidence/queries/log-entries";
import { type LogSummary, findLogSummary } from "@/lib/evidence/queries/log-summary";
import { listStatementsAbout } from "@/lib/evidence/queries/statements-about";
import { currentTime } from "@/lib/platform/clock";
import { endBefore } from "./end-before";

type Props = PageProps<"/log">;

const PER_PAGE = 25;

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
            <Search query={query} />
            {query === "" ? (
              <Newest log={log} before={before} now={now} />
            ) : (
              <Found query={query} now={now} />
            )}
          </div>
          <aside aria-label="About the log" className="grid content-start gap-4">
            <Checkpoint log={log} now={now} />
            <WhatItIs />
          </aside>
        </div>
      )}
    </Page>
  );
}

function Search({ query }: { query: string }) {
  return (
    <form action="/log" role="search" className="flex flex-wrap items-end gap-3">
      <div className="min-w-0 flex-1 basis-72">
        <TextField
          name="q"
          type="search"
          label="Find an entry"
          hint="The digest of files, of an envelope or of a key, or the hash of a leaf: 64 hex digits."
          defaultValue={query}
          autoComplete="off"
          spellCheck={false}
          className="font-mono"
        />
      </div>
      <Button type="submit">Search</Button>
    </form>
  );
}

async function Newest({
  log,
  before,
  now,
}: {
  log: LogSummary;
  before: string | string[] | undefined;
  now: Date;
}) {
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
          <a
            className="link inline-flex min-h-6 items-center"
            href={newer < log.size ? `/log?before=${newer}` : "/log"}
          >
            Newer
          </a>
        )}
        {first > 0n && (
          <a className="link inline-flex min-h-6 items-center" href={`/log?before=${first}`}>
            Older
          </a>
        )}
      </nav>
    </section>
  );
}

const found = {
  leaf: "The entry with this leaf hash",
  envelope: "Entries of this envelope",
  files: "Entries about this digest",
  key: "Entries signed with this key",
} as const;

async function Found({ query, now }: { query: string; now: Date }) {
  const [, slug] = /\/listings\/([\w-]+)/.exec(query) ?? [];
  if (slug)
    return (
      <EmptyState
        title="This is the address of a listing"
        action={
          <ButtonLink href={`/listings/${slug}/statements`}>See all statements about its files</ButtonLink>
        }
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

function Checkpoint({ log, now }: { log: LogSummary; now: Date }) {
  const seen = log.witnesses.filter(({ cosignedAt }) => cosignedAt !== null).length;
  return (
    <Panel title="Current checkpoint">
      <Facts
        rows={[
          { label: "Entries", value: log.size.toLocaleString("en") },
          { label: "Published", value: <Moment at={log.publishedAt} now={now} /> },
          {
            label: "Observers",
            value: log.witnesses.length === 0 ? "none yet" : `${seen} of ${log.witnesses.length}`,
          },
          { label: "Name", value: <span className="break-all">{log.origin}</span> },
        ]}
      />
      <p className="pt-3 text-sm text-ink-3">Root of the tree</p>
      <code className="block font-mono text-xs break-all select-all">{log.rootBase64}</code>
      <div className="mt-3 border-t border-line">
        <CheckpointRows />
      </div>
      <ul className="flex flex-wrap gap-x-4 gap-y-1 pt-3 text-sm">
        {machineFiles.map(([label, href]) => (
          <li key={href}>
            <a className="link inline-flex min-h-6 items-center" href={href}>
              {label}
            </a>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

const machineFiles = [
  ["Signed checkpoint", "/log/1/checkpoint"],
  ["Key", "/log/1/vkey"],
  ["Policy", "/log/1/policy"],
  ["Sigstore trusted root", "/log/1/trusted_root.json"],
] as const;

function WhatItIs() {
  return (
    <Panel title="What a log is">
      <div className="grid gap-3 text-sm text-ink-2">
        <p>
          A list that only grows. Each entry is a fingerprint of one signed statement. All entries together
          are boiled down to one number, the root: change, remove or insert one entry anywhere, and the root
          is another.
        </p>
        <p>
          The checkpoint says how many entries there are and what their root is, and the log signs it. From
          then on it can never again show a different past without contradicting its own signature.
        </p>
        <p>
          Your browser remembers the last checkpoint it saw and demands that the next one continues it.
          Outside observers do the same for everybody, so that nobody can be shown a log of their own.
        </p>
        <p>
          Entries hold fingerprints, signatures and keys, and no names or prices. What was signed lies beside
          the log; if the law demands that it is erased, the entry stays and says so.
        </p>
        <p>
          Code served by this site can lie.{" "}
          <code className="font-mono text-xs">npm run -s offcut -- monitor</code> follows the log without it,
          and any program that reads C2SP logs can.
        </p>
      </div>
    </Panel>
  );
}
