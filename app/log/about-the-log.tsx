import { Moment } from "@/components/ui/moment";
import { Facts, Panel } from "@/components/ui/panel";
import { TextLink } from "@/components/ui/text-link";
import { CheckpointRows } from "@/components/verification/checkpoint-rows";
import type { LogSummary } from "@/lib/evidence/queries/log-summary";

export function CurrentCheckpoint({ log, now }: { log: LogSummary; now: Date }) {
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
            <TextLink href={href}>{label}</TextLink>
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

export function WhatALogIs() {
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
