"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Digest } from "@/components/ui/digest";
import { controlClass } from "@/components/ui/field";
import { partLabels, partNames } from "@/lib/catalogue/part";
import { useEditor } from "./draft-editor";
import { fileSize } from "./file-size";

type Upload = {
  id: number;
  name: string;
  sizeBytes: number;
  sentBytes: number;
  state: "waiting" | "sending" | "checking" | "kept" | "refused" | "cancelled";
  message?: string;
  sha256?: string;
};

/**
 * Sends files one after another as they are, with progress and a way to stop. Without JavaScript the same form is
 * sent whole by the browser.
 */
export function FileUploader({ draftId, maxBytes }: { draftId: string; maxBytes: number }) {
  const router = useRouter();
  const { countUploading } = useEditor();
  const [uploads, setUploads] = useState<Upload[]>([]);
  const requests = useRef(new Map<number, XMLHttpRequest>());
  const cancelled = useRef(new Set<number>());
  const queue = useRef(Promise.resolve());
  const counter = useRef(0);

  const change = (id: number, changes: Partial<Upload>) =>
    setUploads((all) => all.map((upload) => (upload.id === id ? { ...upload, ...changes } : upload)));

  function send(id: number, file: File, part: string): Promise<void> {
    if (cancelled.current.has(id)) return Promise.resolve();
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      requests.current.set(id, request);
      const query = new URLSearchParams({ draft: draftId, name: file.name, part });
      request.open("POST", `/api/uploads?${query}`);
      request.setRequestHeader("content-type", "application/octet-stream");
      request.responseType = "json";
      request.upload.onprogress = ({ loaded }) => change(id, { sentBytes: loaded });
      request.upload.onload = () => change(id, { state: "checking", sentBytes: file.size });
      request.onload = () => {
        const answer = request.response as { file?: { sha256: string }; message?: string } | null;
        if (request.status === 200 && answer?.file) change(id, { state: "kept", sha256: answer.file.sha256 });
        else {
          const message = answer?.message ?? `The server answered with an error (${request.status}).`;
          change(id, { state: "refused", message });
        }
      };
      request.onerror = () =>
        change(id, { state: "refused", message: "The connection broke. Nothing was kept; send it again." });
      request.onabort = () => change(id, { state: "cancelled" });
      request.onloadend = () => {
        requests.current.delete(id);
        router.refresh();
        done();
      };
      change(id, { state: "sending" });
      request.send(file);
    });
  }

  function take(files: FileList | null, part: string) {
    for (const file of files ?? []) {
      const id = ++counter.current;
      const upload = { id, name: file.name, sizeBytes: file.size, sentBytes: 0 };
      if (file.size > maxBytes) {
        const message = `Larger than ${fileSize(maxBytes)}.`;
        setUploads((all) => [...all, { ...upload, state: "refused", message }]);
        continue;
      }
      setUploads((all) => [...all, { ...upload, state: "waiting" }]);
      countUploading(1);
      queue.current = queue.current.then(() => send(id, file, part)).finally(() => countUploading(-1));
    }
  }

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const input = form.elements.namedItem("file") as HTMLInputElement;
    const part = (form.elements.namedItem("part") as HTMLSelectElement).value;
    take(input.files, part);
    input.value = "";
  }

  function stop(id: number) {
    cancelled.current.add(id);
    const request = requests.current.get(id);
    if (request) request.abort();
    else change(id, { state: "cancelled" });
  }

  return (
    <div className="grid gap-3">
      <form
        action={`/api/uploads?draft=${draftId}`}
        method="post"
        encType="multipart/form-data"
        onSubmit={submit}
        className="grid items-end gap-3 rounded-md border border-dashed border-line-strong p-4 sm:grid-cols-[1fr_auto_auto]"
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault();
          const part = event.currentTarget.elements.namedItem("part") as HTMLSelectElement;
          take(event.dataTransfer.files, part.value);
        }}
      >
        <label className="order-2 grid gap-1.5 text-sm">
          <span className="text-ink-2">They belong to</span>
          <select name="part" className={controlClass} defaultValue="weights">
            {partNames.map((part) => (
              <option key={part} value={part}>
                {partLabels[part]}
              </option>
            ))}
          </select>
        </label>
        <label className="order-1 grid min-w-0 gap-1.5 text-sm">
          <span className="text-ink-2">Choose files or drop them here</span>
          <input type="file" name="file" multiple required className="min-h-8 max-w-full" />
        </label>
        <Button type="submit" className="order-3">
          Upload
        </Button>
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
            `${fileSize(sentBytes)} of ${fileSize(sizeBytes)} (${Math.floor(share * 100)} %)`}
          {state === "checking" && "Sent; checking its structure…"}
          {state === "kept" && "Kept"}
          {state === "cancelled" && "Stopped; nothing was kept"}
          {state === "refused" && message}
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
