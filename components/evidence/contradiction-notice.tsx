"use client";

import { useSyncExternalStore } from "react";
import { Button } from "@/components/ui/button";
import { TextLink } from "@/components/ui/text-link";
import { forgetLogs, keptEvidence } from "../verification/kept-log";

/**
 * What this browser holds against the site's log: both signed checkpoints and the failing proof, to be taken away.
 * Empty where nothing was ever found.
 */
export function ContradictionNotice() {
  const evidence = useSyncExternalStore(onChange, snapshot, () => null);
  if (evidence === null) return null;
  return (
    <div className="mt-1 ml-6 grid justify-items-start gap-2 sm:ml-0" data-evidence>
      <p className="max-w-[64ch]">
        This browser kept both signed checkpoints
        {evidence.includes('"hashes"') ? " and the failing proof" : ""}. Give the file to somebody who is not
        us: it shows what happened without anybody’s word.
      </p>
      <p className="flex flex-wrap gap-3">
        <TextLink
          href={`data:application/json;charset=utf-8,${encodeURIComponent(evidence)}`}
          download="log-evidence.json"
        >
          Download the evidence (JSON)
        </TextLink>
        <Button
          variant="quiet"
          className="min-h-6 px-0"
          onClick={() => {
            forgetLogs();
            for (const listener of listeners) listener();
          }}
        >
          Forget this log
        </Button>
      </p>
    </div>
  );
}

const listeners = new Set<() => void>();

function onChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** One text for as long as nothing changes, so that React sees the same value. */
function snapshot(): string | null {
  const evidence = keptEvidence();
  return evidence && JSON.stringify(evidence, null, 2);
}
