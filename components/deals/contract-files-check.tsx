"use client";

import { useState } from "react";
import { CheckRow } from "@/components/verification/check-row";
import { FileDrop } from "@/components/verification/file-drop";

type Expected = { path: string; sha256: string };
type Held = { name: string; sha256: string };
type Outcome = { state: "verified" | "failed" | "not_checked" | "cannot_check"; message: string };

/** Compares downloaded files with the digests in the contract. They are hashed here and sent nowhere. */
export function ContractFilesCheck({ expected }: { expected: readonly Expected[] }) {
  const [outcome, setOutcome] = useState<Outcome | null>(null);

  async function check(files: readonly File[]) {
    if (files.length === 0) return;
    setOutcome({ state: "not_checked", message: "hashing…" });
    try {
      const { digestOfFile } = await import("@/components/verification/digest-of-file");
      const held: Held[] = [];
      for (const file of files) held.push({ name: file.name, sha256: await digestOfFile(file) });
      setOutcome(compare(expected, held));
    } catch {
      setOutcome({ state: "cannot_check", message: "the files could not be read" });
    }
  }

  return (
    <FileDrop
      label="Choose the files"
      onFiles={(files) => void check(files)}
      status={
        <CheckRow state={outcome?.state ?? "not_checked"}>
          {outcome?.message ??
            "Are these the files in the contract? Drop what you downloaded here; it stays on your machine."}
        </CheckRow>
      }
      className="relative grid gap-1 border-t border-line py-2.5 text-sm sm:pl-6"
    >
      <noscript>
        <p className="text-ink-3">
          Without JavaScript, compare the output of sha256sum with the digests below.
        </p>
      </noscript>
    </FileDrop>
  );
}

function compare(expected: readonly Expected[], held: readonly Held[]): Outcome {
  const digests = new Set(expected.map((file) => file.sha256));
  const foreign = held.filter((file) => !digests.has(file.sha256));
  if (foreign.length > 0) {
    const names = foreign.map((file) => file.name).join(", ");
    return { state: "failed", message: `FAILED: not in the contract: ${names}` };
  }
  const found = expected.filter((file) => held.some((one) => one.sha256 === file.sha256)).length;
  const all = found === expected.length;
  return {
    state: all ? "verified" : "not_checked",
    message: `${found} of ${expected.length} files match the contract, checked in this browser${all ? "" : "; the others were not given"}`,
  };
}
