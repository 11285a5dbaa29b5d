import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { LeafFiles } from "@/components/evidence/leaf-files";
import { PayloadUnavailable } from "@/components/evidence/log-entry-list";
import { StatementCard } from "@/components/evidence/statement-card";
import { Page } from "@/components/layout/page";
import { Digest } from "@/components/ui/digest";
import { Moment } from "@/components/ui/moment";
import { Facts, Panel } from "@/components/ui/panel";
import { TextLink } from "@/components/ui/text-link";
import { type EntryRecord, findLoggedEntry } from "@/lib/evidence/queries/log-entries";
import { findEntryProof } from "@/lib/evidence/queries/log-entry";
import { currentTime } from "@/lib/platform/clock";

type Props = PageProps<"/log/entries/[index]">;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Entry ${(await params).index.slice(0, 19)} of the log` };
}

export default async function EntryPage({ params }: Props) {
  const { index } = await params;
  if (!/^(0|[1-9]\d{0,17})$/.test(index)) notFound();
  const [entry, now] = await Promise.all([findLoggedEntry(BigInt(index)), currentTime()]);
  if (!entry) notFound();
  return (
    <Page
      width="medium"
      eyebrow={<a href="/log">The public log</a>}
      title={`Entry ${entry.index.toLocaleString("en")}`}
      lead={
        <>
          Entered <Moment at={entry.integratedAt} now={now} />. Nothing about it can change any more.
        </>
      }
    >
      <div className="grid gap-6">
        {entry.statement ? (
          <StatementCard statement={entry.statement} now={now} modelDigest={entry.statement.modelDigest} />
        ) : (
          <Panel>
            <PayloadUnavailable />
          </Panel>
        )}
        <Leaf entry={entry} />
        <Around index={entry.index} />
      </div>
    </Page>
  );
}

async function Leaf({ entry }: { entry: EntryRecord }) {
  const proof = await findEntryProof(entry.leafHash);
  return (
    <Panel title="What stands in the tree">
      <Facts
        rows={[
          { label: "Leaf hash", value: <Digest hex={entry.leafHash} label="Leaf hash" /> },
          { label: "Envelope", value: <Digest hex={entry.envelopeSha256} label="Envelope, SHA-256" /> },
        ]}
      />
      {proof && (
        <>
          <details className="pt-3 text-sm">
            <summary className="min-h-6">
              The leaf’s bytes ({proof.leafText.length.toLocaleString("en")} characters of JSON)
            </summary>
            <Source label="Leaf" text={proof.leafText} />
          </details>
          <details className="text-sm">
            <summary className="min-h-6">Its proof, good for ever and offline</summary>
            <Source label="Proof" text={proof.proofText} />
          </details>
        </>
      )}
      {entry.body && (
        <details className="text-sm">
          <summary className="min-h-6">The envelope’s JSON</summary>
          <Source label="Envelope" text={entry.body} />
        </details>
      )}
      <p className="flex flex-wrap gap-x-5 gap-y-1 pt-3 text-sm">
        <LeafFiles leafHash={entry.leafHash} isErased={!entry.body} />
        <TextLink href="/log/1/checkpoint">Checkpoint</TextLink>
      </p>
    </Panel>
  );
}

function Source({ label, text }: { label: string; text: string }) {
  return (
    <pre
      tabIndex={0}
      role="region"
      aria-label={label}
      className="mt-1 max-h-96 overflow-auto rounded-sm bg-sunken px-3 py-2 font-mono text-xs break-all whitespace-pre-wrap"
    >
      {text}
    </pre>
  );
}

function Around({ index }: { index: bigint }) {
  return (
    <nav aria-label="Entries beside it" className="flex gap-5 text-sm">
      {index > 0n && <TextLink href={`/log/entries/${index - 1n}`}>Entry before</TextLink>}
      <TextLink href={`/log?before=${index + 1n}`}>From here on down</TextLink>
    </nav>
  );
}
