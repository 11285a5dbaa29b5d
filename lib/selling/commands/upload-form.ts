import "server-only";
import busboy from "busboy";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { DomainError } from "@/lib/shared/domain-error";

const MAX_FILES = 20;
const FIELD_BYTES = 4_000;

const TOO_LONG = "What you wrote is too long for its field. Choose it as a file instead.";

/**
 * Hands every file of a multipart form to `keep`, one after another, while it streams in: nothing is held in memory
 * or written anywhere before. Fields that come before a file are known when it is kept. The first refusal ends the
 * whole; what was kept before it stays.
 */
export async function readUploadForm(
  contentType: string,
  body: Readable,
  keep: (file: Readable, name: string, fields: Record<string, string>) => Promise<void>,
  { fieldBytes = FIELD_BYTES }: { fieldBytes?: number } = {},
): Promise<{ fields: Record<string, string>; fileCount: number }> {
  const form = openForm(contentType, fieldBytes);
  const fields: Record<string, string> = {};
  let fileCount = 0;
  let kept: Promise<void> = Promise.resolve();
  let current: Readable | null = null;
  form.on("field", (name, value, { valueTruncated }) => {
    fields[name] = value;
    if (valueTruncated) form.destroy(new DomainError("field_too_long", TOO_LONG));
  });
  form.on("file", (_field, stream, { filename }) => {
    if (!filename) {
      stream.resume();
      return;
    }
    fileCount++;
    current = stream;
    kept = kept.then(() => keep(stream, filename, { ...fields }));
    kept.catch((error: Error) => {
      stream.resume();
      form.destroy(error);
    });
  });
  form.on("filesLimit", () => {
    form.destroy(new DomainError("too_many_files", `Send at most ${MAX_FILES} files at once.`));
  });
  try {
    await pipeline(body, form);
  } catch (error) {
    (current as Readable | null)?.destroy(error as Error);
    await kept.catch((refusal: unknown) => {
      if (refusal instanceof DomainError) throw refusal;
    });
    throw error;
  }
  await kept;
  return { fields, fileCount };
}

function openForm(contentType: string, fieldSize: number): busboy.Busboy {
  try {
    return busboy({
      headers: { "content-type": contentType },
      defParamCharset: "utf8",
      limits: { files: MAX_FILES, fields: 20, fieldSize, parts: MAX_FILES + 20, headerPairs: 50 },
    });
  } catch {
    throw new DomainError("upload_malformed", "This upload is not a form a browser sends.");
  }
}
