"use client";

import type { DragEvent, FormEvent } from "react";
import { RequestKey } from "@/components/forms/request-key";
import { Button } from "@/components/ui/button";
import { Digest } from "@/components/ui/digest";
import { controlClass } from "@/components/ui/field";
import { partLabels, partNames } from "@/lib/catalogue/part";
import { sizeText } from "@/lib/shared/size-text";
import { type Upload, useUploads } from "./use-uploads";

/**
 * Sends files with progress and a way to stop. Without JavaScript the same form is sent whole by the browser.
 */
export function FileUploader({ draftId, maxBytes }: { draftId: string; maxBytes: number }) {
  const { uploads, take, stop } = useUploads(draftId, maxBytes);
  const partOf = (form: HTMLFormElement) => (form.elements.namedItem("part") as HTMLSelectElement).value;

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const input = form.elements.namedItem("file") as HTMLInputElement;
    take(input.files, partOf(form));
    input.value = "";
  }

  function drop(event: DragEvent<HTMLFormElement>) {
    event.preventDefault();
    take(event.dataTransfer.files, partOf(event.currentTarget));
  }

  return (
    <div className="grid gap-3">
      <form
        action={`/api/uploads?draft=${draftId}`}
        method="post"
        encType="multipart/form-data"
        onSubmit={submit}
        onDragOver={(event) => event.preventDefault()}
        onDrop={drop}
        className="grid items-end gap-3 rounded-md border border-dashed border-line-strong p-4 sm:grid-cols-[auto_minmax(0,1fr)_auto]"
      >
        <RequestKey answer={null} />
        <label className="grid gap-1.5 text-sm">
          <span className="text-ink-2">They belong to</span>
          <select name="part" className={controlClass} defaultValue="weights">
            {partNames.map((part) => (
              <option key={part} value={part}>
                {partLabels[part]}
              </option>
            ))}
          </select>
        </label>
        <label className="grid min-w-0 gap-1.5 text-sm">
          <span className="text-ink-2">Choose files or drop them here</span>
          <input type="file" name="file" multiple required className={`${controlClass} max-w-full`} />
        </label>
        <Button type="submit">Upload</Button>
      </form>
      {uploads.length > 0 && (
        <ul className="grid gap-2" aria-live="polite">
          {uploads.map((upload) => (
            <UploadRow key={upload.id} upload={upload} onStop={() => stop(upload.id)} />
          ))}
        </ul>
      )}
    </div>
  );
}

function UploadRow({ upload, onStop }: { upload: Upload; onStop: () => void }) {
  const { name, state, sentBytes, sizeBytes, message, sha256 } = upload;
  const share = sizeBytes === 0 ? 0 : sentBytes / sizeBytes;
  const isRunning = state === "waiting" || state === "sending" || state === "checking";
  return (
    <li className="grid gap-1 text-sm">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="min-w-0 flex-1 basis-40 break-all">{name}</span>
        <span className={state === "refused" ? "text-red" : "text-ink-2"}>
          {state === "waiting" && "Waiting"}
          {state === "sending" &&
            `${sizeText(sentBytes)} of ${sizeText(sizeBytes)} (${Math.floor(share * 100)} %)`}
          {state === "checking" && "Sent; checking its structure…"}
          {state === "kept" && "Kept"}
          {(state === "cancelled" || state === "refused") && message}
        </span>
        {sha256 && <Digest hex={sha256} />}
        {isRunning && (
          <Button variant="quiet" type="button" onClick={onStop} aria-label={`Stop ${name}`}>
            Stop
          </Button>
        )}
      </div>
      {isRunning && (
        <progress
          aria-label={`${name}, sent`}
          value={share}
          max={1}
          className="h-1.5 w-full accent-[var(--verdigris-fill)]"
        />
      )}
    </li>
  );
}
