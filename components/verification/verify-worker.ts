import { MAX_DOCUMENT_BYTES, readDocument } from "@/lib/verification/document";
import { type Handed, inspect } from "@/lib/verification/inspect";
import { lookUp } from "@/lib/verification/look-up";
import type { InspectionReport } from "@/lib/verification/report";
import type { Site } from "@/lib/verification/site";
import { type Continuity, type KnownLog, continueLog } from "@/lib/log/continuity";
import { verifyByWebCrypto } from "@/lib/log/ed25519";
import { decodeUtf8 } from "@/lib/shared/encoding";
import { digestOfFile } from "./digest-of-file";
import { siteAt } from "../evidence/site";

/** What the page asks of the worker. Everything stays on this machine but the look-ups named in the page. */
export type VerifyRequest = { id: number; origin: string } & (
  | { kind: "inspect"; files: readonly File[] }
  | { kind: "look_up"; query: string }
  | { kind: "continue"; kept: KnownLog | null; shown: KnownLog }
);

export type VerifyProgress = { doneBytes: number; totalBytes: number; name: string };

export type VerifyResponse = { id: number } & (
  | { kind: "progress"; progress: VerifyProgress }
  | { kind: "report"; report: InspectionReport }
  | { kind: "continuity"; continuity: Continuity }
  | { kind: "error"; message: string }
);

let site: Site | undefined;

self.onmessage = (event: MessageEvent<VerifyRequest>) => {
  const { id } = event.data;
  answer(event.data).catch((error: unknown) => {
    post({ id, kind: "error", message: error instanceof Error ? error.message : "It could not be read." });
  });
};

async function answer(request: VerifyRequest): Promise<void> {
  const { id, origin } = request;
  site ??= siteAt(origin);
  switch (request.kind) {
    case "inspect": {
      const handed = await hashAll(request.files, (progress) => post({ id, kind: "progress", progress }));
      return post({ id, kind: "report", report: await inspect(handed, site) });
    }
    case "look_up":
      return post({ id, kind: "report", report: await lookUp(request.query, site) });
    case "continue": {
      const { kept, shown } = request;
      const continuity = await continueLog(kept, shown, site.fetchTile, verifyByWebCrypto);
      return post({ id, kind: "continuity", continuity });
    }
  }
}

const PROGRESS_BYTES = 8_000_000;

async function hashAll(files: readonly File[], tell: (progress: VerifyProgress) => void): Promise<Handed[]> {
  const totalBytes = files.reduce((sum, { size }) => sum + size, 0);
  const handed: Handed[] = [];
  let doneBytes = 0;
  for (const file of files) {
    const name = file.webkitRelativePath || file.name;
    let told = doneBytes;
    const sha = await digestOfFile(file, (bytes) => {
      doneBytes += bytes;
      if (doneBytes - told < PROGRESS_BYTES) return;
      told = doneBytes;
      tell({ doneBytes, totalBytes, name });
    });
    const text =
      file.size <= MAX_DOCUMENT_BYTES ? decodeUtf8(new Uint8Array(await file.arrayBuffer())) : null;
    const document = text === null ? ({ kind: "other" } as const) : readDocument(text);
    const digestBy: Handed["digestBy"] = (algorithm) => digestOfFile(file, undefined, algorithm);
    handed.push({ name, sizeBytes: file.size, sha256: sha, digestBy, document });
    tell({ doneBytes, totalBytes, name });
  }
  return handed;
}

function post(message: VerifyResponse): void {
  self.postMessage(message);
}
