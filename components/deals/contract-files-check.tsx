"use client";

import { type DragEvent, useState } from "react";
import { CheckRow } from "@/components/evidence/check-row";
import { toHex } from "@/lib/evidence/dsse";

type Expected = { path: string; sha256: string };
type Outcome = { state: "verified" | "failed" | "not_checked"; message: string };

/** Compares downloaded files with the digests in the contract. They are hashed here and sent nowhere. */
export function ContractFilesCheck({ expected }: { expected: readonly Expected[] }) {
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [isOver, setIsOver] = useState(false);

  async function check(files: readonly File[]) {
    if (files.length === 0) return;
    setOutcome({ state: "not_checked", message: "hashing…" });
    setOutcome(compare(expected, await Promise.all(files.map(digestOf))));
  }

  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    void check([...event.dataTransfer.files]);
  };

  return (
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
      className={`relative grid gap-1 border-t border-line py-2.5 text-sm sm:pl-6 ${isOver ? "bg-sunken outline-2 outline-dashed outline-edge" : ""}`}
    >
      <div role="status">
        <CheckRow state={outcome?.state ?? "not_checked"}>
          {outcome?.message ??
            "Are these the files in the contract? Drop what you downloaded here; it stays on your machine."}
        </CheckRow>
      </div>
      <label className="relative ml-6 inline-flex min-h-6 items-center justify-self-start underline decoration-line-strong underline-offset-3 focus-within:outline-2 focus-within:outline-verdigris sm:ml-0">
        Choose the files
        <input
          type="file"
          multiple
          className="absolute inset-0 cursor-pointer opacity-0"
          onChange={(event) => void check([...(event.target.files ?? [])])}
        />
      </label>
      <noscript>
        <p className="text-ink-3">
          Without JavaScript, compare the output of sha256sum with the digests below.
        </p>
      </noscript>
    </div>
  );
}

async function digestOf(file: File): Promise<{ name: string; sha256: string }> {
  const { sha256 } = await import("@noble/hashes/sha2.js");
  const hash = sha256.create();
  const reader = file.stream().getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return { name: file.name, sha256: toHex(hash.digest()) };
    hash.update(value);
  }
}

function compare(expected: readonly Expected[], held: readonly { name: string; sha256: string }[]): Outcome {
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
