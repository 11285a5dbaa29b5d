"use client";

import { useEffect, useState } from "react";
import { Button } from "@/components/ui/button";
import { TextLink } from "@/components/ui/text-link";
import { DRAFT_FORM, useEditor } from "./draft-editor";
import type { SaveStatus } from "./draft-saver";

/** Stays at the foot of the window: what is saved, and the steps that end the work. */
export function DraftBar({ left, isRevision }: { left: number; isRevision: boolean }) {
  const { answer, status, isBusy, uploading } = useEditor();
  const isConflict = answer && !answer.ok && answer.code === "draft_changed_elsewhere";
  return (
    <div className="sticky bottom-0 z-10 -mx-4 mt-8 border-t border-line bg-paper px-4 py-3 sm:-mx-8 sm:px-8">
      {answer && !answer.ok && (
        <div role="alert" className="mb-3 grid gap-2 rounded-md bg-red-soft px-3 py-2 text-red">
          <p>{answer.message}</p>
          {isConflict && (
            <p className="flex flex-wrap gap-3">
              <SubmitIntent intent="copy">Keep mine as a second draft</SubmitIntent>
              <SubmitIntent intent="overwrite">Replace the saved one with mine</SubmitIntent>
            </p>
          )}
        </div>
      )}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <p role="status" className="min-w-0 flex-1 basis-full text-sm text-ink-2 sm:basis-48">
          {uploading > 0 ? "Files are on their way; publish once they are kept. " : null}
          <StatusText status={status} />
        </p>
        <SubmitIntent intent="save">Save</SubmitIntent>
        <SubmitIntent intent="preview">Preview</SubmitIntent>
        <Button
          form={DRAFT_FORM}
          type="submit"
          name="intent"
          value="publish"
          variant="primary"
          disabled={uploading > 0}
        >
          {isBusy ? "Working…" : isRevision ? "Publish the revision" : "Publish"}
        </Button>
      </div>
      {left > 0 && (
        <p className="pt-1 text-sm text-ink-3">
          <TextLink href="#publish">{left === 1 ? "One answer" : `${left} answers`}</TextLink> needed before
          it can be published.
        </p>
      )}
    </div>
  );
}

export function SubmitIntent({ intent, children }: { intent: string; children: React.ReactNode }) {
  return (
    <Button form={DRAFT_FORM} type="submit" name="intent" value={intent}>
      {children}
    </Button>
  );
}

function StatusText({ status }: { status: SaveStatus }) {
  const seconds = useSecondsSince(status.kind === "clean" ? status.savedAt : null);
  switch (status.kind) {
    case "saving":
      return "Saving…";
    case "dirty":
      return "Not saved yet";
    case "offline":
      return "No connection. Every word is kept in this browser; trying again every five seconds.";
    case "refused":
      return "Not saved. What you wrote is still in this form.";
    case "clean":
      if (seconds === null) return "Everything is saved.";
      return seconds < 60 ? `Saved ${seconds} s ago` : `Saved ${Math.floor(seconds / 60)} min ago`;
  }
}

function useSecondsSince(at: number | null): number | null {
  const [now, setNow] = useState<number | null>(null);
  useEffect(() => {
    if (at === null) return;
    const tick = () => setNow(Date.now());
    tick();
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, [at]);
  return at === null || now === null ? null : Math.max(0, Math.round((now - at) / 1000));
}
