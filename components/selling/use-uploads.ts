import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import { useRequestKeys } from "@/components/forms/request-key";
import { useEditor } from "./draft-editor";
import { sizeText } from "@/lib/shared/size-text";
import { type SendProgress, sendFile } from "./send-file";

export type Upload = {
  id: number;
  name: string;
  sizeBytes: number;
  sentBytes: number;
  state: "waiting" | "sending" | "checking" | "kept" | "refused" | "cancelled";
  message?: string;
  sha256?: string;
};

/** Files on their way to a draft, one after another, each of which can be stopped. */
export function useUploads(draftId: string, maxBytes: number) {
  const router = useRouter();
  const { countUploading } = useEditor();
  const keyOf = useRequestKeys();
  const [uploads, setUploads] = useState<Upload[]>([]);
  const stops = useRef(new Map<number, AbortController>());
  const queue = useRef(Promise.resolve());

  const change = (id: number, changes: Partial<Upload>) =>
    setUploads((all) => all.map((upload) => (upload.id === id ? { ...upload, ...changes } : upload)));

  async function send(id: number, file: File, part: string, signal: AbortSignal) {
    const onProgress = (progress: SendProgress) => change(id, progress);
    change(id, await sendFile(file, { draftId, part, requestKey: keyOf(id), signal, onProgress }));
    countUploading(-1);
    router.refresh();
  }

  function take(files: FileList | null, part: string) {
    for (const file of files ?? []) {
      const id = stops.current.size + 1;
      const stop = new AbortController();
      stops.current.set(id, stop);
      const isTooLarge = file.size > maxBytes;
      const upload: Upload = {
        id,
        name: file.name,
        sizeBytes: file.size,
        sentBytes: 0,
        ...(isTooLarge
          ? { state: "refused", message: `Larger than ${sizeText(maxBytes)}.` }
          : { state: "waiting" }),
      };
      setUploads((all) => [...all, upload]);
      if (isTooLarge) continue;
      countUploading(1);
      queue.current = queue.current.then(() => send(id, file, part, stop.signal));
    }
  }

  return { uploads, take, stop: (id: number) => stops.current.get(id)?.abort() };
}
