"use client";

import { type DragEvent, useState } from "react";
import type { Check } from "@/lib/evidence/four-checks";
import { CheckLine } from "./check-row";

/** Compares files the reader holds with the digests that were signed. They are hashed here and sent nowhere. */
export function FilesCheck({
  modelDigest,
  commandLine,
}: {
  modelDigest: string;
  commandLine: string | null;
}) {
  const [outcome, setOutcome] = useState<Check | "working" | null>(null);
  const [isOver, setIsOver] = useState(false);

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
      className={`grid gap-2 rounded-sm ${isOver ? "bg-sunken outline-2 outline-dashed outline-edge" : ""}`}
    >
      <div role="status">
        <Outcome outcome={outcome} />
      </div>
      <label className="relative ml-6 sm:ml-0 inline-flex [@media(scripting:none)]:hidden min-h-6 items-center justify-self-start underline decoration-line-strong underline-offset-3 focus-within:outline-2 focus-within:outline-verdigris">
        Choose files
        <input
          type="file"
          multiple
          className="absolute inset-0 cursor-pointer opacity-0"
          onChange={(event) => void check([...(event.target.files ?? [])])}
        />
      </label>
      {commandLine && (
        <details className="ml-6 sm:ml-0">
          <summary className="min-h-6">or run a command</summary>
          <code className="block rounded-sm bg-sunken px-3 py-2 font-mono text-xs break-all select-all">
            {commandLine}
          </code>
        </details>
      )}
    </div>
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
