"use client";

import { type DragEvent, type FormEvent, useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { TextField } from "@/components/ui/field";
import type { InspectionReport } from "@/lib/verification/report";
import type { VerifyProgress } from "./verify-worker";
import { useVerification } from "./use-verification";
import { ReportView } from "./report-view";
import { summaryOf } from "./summary";

/** Where anybody hands in evidence or files, and reads what this browser makes of them. */
export function VerifyDesk() {
  const { state, inspect, lookUp, stop, clear } = useVerification();
  const isBusy = state.kind === "working";
  return (
    <div className="grid gap-6">
      <DropPlace isBusy={isBusy} onFiles={inspect} />
      <LookUpForm isBusy={isBusy} onQuery={lookUp} />
      {isBusy && <Working progress={state.progress} onStop={stop} />}
      {state.kind === "failed" && (
        <p role="alert" className="rounded-md bg-red-soft px-4 py-3 text-red">
          {state.message} Nothing was checked; try again, or run the command below.
        </p>
      )}
      {state.kind === "done" && <Result report={state.report} onClear={clear} />}
    </div>
  );
}

function DropPlace({ isBusy, onFiles }: { isBusy: boolean; onFiles: (files: readonly File[]) => void }) {
  const [isOver, setIsOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    void filesOf(event.dataTransfer).then(onFiles);
  };
  return (
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
      className={`grid justify-items-start gap-3 rounded-lg border border-dashed px-6 py-8 [@media(scripting:none)]:hidden ${isOver ? "border-ink bg-sunken" : "border-line-strong"}`}
    >
      <h2>Drop files here</h2>
      <p className="max-w-[62ch] text-ink-2">
        A signed envelope, a bundle, a proof, a checkpoint, a list of files, or the model’s own files, in any
        number and together: what belongs together is held together.
      </p>
      <div className="flex flex-wrap gap-3">
        <Picker label="Choose files" isDisabled={isBusy} onFiles={onFiles} />
        <Picker label="Choose a folder" isFolder isDisabled={isBusy} onFiles={onFiles} />
      </div>
      <p className="max-w-[62ch] text-sm text-ink-3">
        Nothing is uploaded: files are read and hashed on your machine, gigabytes too. To find listings that
        hold a model’s file, its SHA-256 digest is sent to this site, and nothing else of it.
      </p>
    </div>
  );
}

type PickerProps = {
  label: string;
  isFolder?: boolean;
  isDisabled: boolean;
  onFiles: (files: readonly File[]) => void;
};

function Picker({ label, isFolder = false, isDisabled, onFiles }: PickerProps) {
  return (
    <label className="relative inline-flex min-h-10 items-center rounded-md border border-edge bg-surface px-4 font-medium focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-verdigris has-disabled:opacity-50">
      {label}
      <input
        type="file"
        multiple
        disabled={isDisabled}
        {...(isFolder ? { webkitdirectory: "" } : {})}
        className="absolute inset-0 cursor-pointer opacity-0"
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
    </label>
  );
}

/** Files of a drop, those inside dropped folders included. */
async function filesOf(transfer: DataTransfer): Promise<File[]> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  if (!entries.some(({ isDirectory }) => isDirectory)) return [...transfer.files];
  const { readEntries } = await import("./dropped-folder");
  return readEntries(entries);
}

function LookUpForm({ isBusy, onQuery }: { isBusy: boolean; onQuery: (query: string) => void }) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const query = String(new FormData(event.currentTarget).get("q") ?? "").trim();
    if (query !== "") onQuery(query);
  };
  return (
    // Without JavaScript the log's own search answers.
    <form action="/log" onSubmit={submit} className="flex flex-wrap items-end gap-3">
      <div className="min-w-0 flex-1 basis-72">
        <TextField
          name="q"
          label="Or paste an address or a digest"
          hint="The address of a listing or of a log entry, or the digest of files, of an envelope or of a leaf."
          autoComplete="off"
          spellCheck={false}
          required
          maxLength={2_000}
        />
      </div>
      <Button type="submit" disabled={isBusy}>
        Check
      </Button>
    </form>
  );
}

function Working({ progress, onStop }: { progress: VerifyProgress | null; onStop: () => void }) {
  const share = progress && progress.totalBytes > 0 ? progress.doneBytes / progress.totalBytes : null;
  return (
    <div className="grid gap-2 rounded-lg border border-line bg-surface px-5 py-4">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <p role="status" className="min-w-0 flex-1 basis-60 break-words">
          {progress && share !== null && share < 1 ? `Hashing ${progress.name}` : "Checking"}
        </p>
        <Button onClick={onStop}>Stop</Button>
      </div>
      <progress
        aria-label="Hashed so far"
        className="h-2 w-full accent-verdigris"
        {...(share === null ? {} : { value: share, max: 1 })}
      />
      {progress && progress.totalBytes > 0 && (
        <p className="text-sm text-ink-3 tabular-nums">
          {megabytes(progress.doneBytes)} of {megabytes(progress.totalBytes)} MB
        </p>
      )}
    </div>
  );
}

function Result({ report, onClear }: { report: InspectionReport; onClear: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [report]);
  const { text, tone } = summaryOf(report);
  return (
    <section aria-labelledby="result-title" className="grid gap-4">
      <div className="flex flex-wrap items-start gap-x-6 gap-y-2">
        <div className="min-w-0 flex-1 basis-72">
          <h2 id="result-title" ref={heading} tabIndex={-1} className="outline-none">
            What this browser found
          </h2>
          <p role="status" className={tone}>
            {text}
          </p>
        </div>
        <Button onClick={onClear}>Clear</Button>
      </div>
      <ReportView report={report} />
    </section>
  );
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toLocaleString("en", { maximumFractionDigits: 1 });
}
