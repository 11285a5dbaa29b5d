"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, type ReactNode, useRef, useState } from "react";
import { RequestKey } from "@/components/forms/request-key";
import { Button } from "@/components/ui/button";
import { RefusalText } from "@/components/ui/refusal-text";
import { useEditor } from "./draft-editor";
import { sizeText } from "@/lib/shared/size-text";
import { type SendProgress, sendForm } from "./send-file";

type Props = {
  action: string;
  label: string;
  /** Name of the file input that takes what is dropped. */
  file: string;
  children: ReactNode;
};

type Sending = { sentBytes: number; totalBytes: number; isSent: boolean };

/**
 * A form with files: sent with progress and a way to stop. Without JavaScript the browser sends it whole. A refusal
 * leaves everything in the form as it was.
 */
export function UploadForm({ action, label, file, children }: Props) {
  const { sending, told, answers, submit, stop } = useFormUpload(action);
  const [isOver, setOver] = useState(false);

  function drop(event: React.DragEvent<HTMLFormElement>) {
    setOver(false);
    const input = event.currentTarget.elements.namedItem(file);
    if (!(input instanceof HTMLInputElement) || event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    input.files = event.dataTransfer.files;
    event.currentTarget.requestSubmit();
  }

  return (
    <form
      action={action}
      method="post"
      encType="multipart/form-data"
      aria-label={label}
      aria-busy={sending !== null}
      onSubmit={submit}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes("Files")) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={`grid gap-4 rounded-md border border-dashed p-4 ${isOver ? "border-verdigris bg-verdigris-soft" : "border-line-strong"}`}
    >
      <RequestKey answer={answers} />
      {children}
      {sending && <Progress label={label} sending={sending} stop={stop} />}
      {told && (
        <div
          role={told.isRefusal ? "alert" : "status"}
          className={`text-sm ${told.isRefusal ? "text-red" : "text-ink-2"}`}
        >
          <RefusalText text={told.text} />
        </div>
      )}
    </form>
  );
}

function Progress({ label, sending, stop }: { label: string; sending: Sending; stop: () => void }) {
  const { sentBytes, totalBytes, isSent } = sending;
  const share = totalBytes === 0 ? 0 : Math.min(1, sentBytes / totalBytes);
  return (
    <div className="grid gap-1 text-sm">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span role="status" className="min-w-0 flex-1 basis-40 text-ink-2">
          {isSent
            ? "Sent; reading it…"
            : `${sizeText(sentBytes)} of ${sizeText(totalBytes)} (${Math.floor(share * 100)} %)`}
        </span>
        <Button variant="quiet" type="button" onClick={stop}>
          Stop
        </Button>
      </div>
      <progress
        aria-label={`${label}, sent`}
        value={isSent ? undefined : share}
        max={1}
        className="h-1.5 w-full accent-[var(--verdigris-fill)]"
      />
    </div>
  );
}

function useFormUpload(action: string) {
  const router = useRouter();
  const { countUploading } = useEditor();
  const [sending, setSending] = useState<Sending | null>(null);
  const [told, setTold] = useState<{ isRefusal: boolean; text: string } | null>(null);
  const [answers, setAnswers] = useState(0);
  const running = useRef<AbortController | null>(null);

  async function send(form: HTMLFormElement) {
    const data = new FormData(form);
    const totalBytes = sizeOf(data);
    const stop = new AbortController();
    running.current = stop;
    setTold(null);
    countUploading(1);
    const onProgress = ({ sentBytes = 0, state }: SendProgress) =>
      setSending({ sentBytes, totalBytes, isSent: state === "checking" });
    const result = await sendForm(action, data, { signal: stop.signal, onProgress });
    running.current = null;
    setSending(null);
    countUploading(-1);
    if (!("isUnanswered" in result)) setAnswers((count) => count + 1);
    if (result.state === "done") {
      form.reset();
      if (new URL(result.location, location.href).pathname === location.pathname) router.refresh();
      else router.push(result.location);
      return;
    }
    setTold({ isRefusal: result.state === "refused", text: result.message });
    const started = result.state === "refused" && result.draftId ? `/sell/${result.draftId}` : null;
    if (started !== null && started !== location.pathname) router.push(`${started}#imports`);
    // Whatever was read before it ended shows.
    else router.refresh();
  }

  return {
    sending,
    told,
    answers,
    stop: () => running.current?.abort(),
    submit(event: FormEvent<HTMLFormElement>) {
      event.preventDefault();
      if (!running.current) void send(event.currentTarget);
    },
  };
}

function sizeOf(data: FormData): number {
  let bytes = 0;
  for (const value of data.values()) bytes += typeof value === "string" ? value.length : value.size;
  return bytes;
}
