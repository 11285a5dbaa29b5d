"use client";

import { useState } from "react";
import { CommandLine } from "@/components/ui/command-line";
import type { Check } from "@/lib/verification/check";
import { CheckLine } from "./check-row";
import { FileDrop } from "./file-drop";

type Props = { modelDigest: string; commandLine: string | null };

/** Compares files the reader holds with the digests that were signed. They are hashed here and sent nowhere. */
export function FilesCheck({ modelDigest, commandLine }: Props) {
  const [outcome, setOutcome] = useState<Check | "working" | null>(null);

  async function check(files: readonly File[]) {
    if (files.length === 0) return;
    setOutcome("working");
    try {
      const { checkFiles } = await import("./check-files");
      setOutcome(await checkFiles(modelDigest, files));
    } catch {
      setOutcome({ state: "cannot_check", message: "the files could not be read" });
    }
  }

  return (
    <FileDrop
      label="Choose files"
      onFiles={(files) => void check(files)}
      status={<Outcome outcome={outcome} />}
      className="grid gap-2 rounded-sm"
    >
      {commandLine && (
        <details className="ml-6 sm:ml-0">
          <summary className="min-h-6">or run a command</summary>
          <CommandLine>{commandLine}</CommandLine>
        </details>
      )}
    </FileDrop>
  );
}

function Outcome({ outcome }: { outcome: Check | "working" | null }) {
  if (outcome === "working") return <CheckLine check={{ state: "not_checked", message: "hashing…" }} />;
  if (outcome) return <CheckLine check={outcome} />;
  return (
    <CheckLine check={{ state: "not_checked", message: "" }}>
      <noscript>
        : needs JavaScript, or compare <code className="font-mono">sha256sum</code> of each file with the
        digests listed
      </noscript>
      <span className="[@media(scripting:none)]:hidden">: drop files here; they stay on your machine</span>
    </CheckLine>
  );
}
