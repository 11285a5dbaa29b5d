import "server-only";
import busboy from "busboy";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { DomainError } from "@/lib/shared/domain-error";

const FIELD_BYTES = 4_000;

const TOO_LONG = "What you wrote is too long for its field. Choose it as a file instead.";

export type SentForm = {
  contentType: string;
  body: Readable;
  /** Of the whole form; null where the sender does not say. */
  declaredBytes: number | null;
};

/** What a form may hold; anything else is refused. */
export type FormShape = {
  /** The name under which its files come. */
  file: string;
  maxFiles: number;
  /** Names of its other fields, each at most once. */
  fields: readonly string[];
  fieldBytes?: number;
};

export type SentFile = {
  stream: Readable;
  name: string;
  /** Those that came before the file. */
  fields: Record<string, string>;
  /** No more than this can come of it. */
  declaredBytes: number | null;
};

/**
 * Hands every file of a multipart form to `keep`, one after another, while it streams in: nothing is held in memory
 * or written anywhere before. The first refusal ends the whole; what was kept before it stays. Throws
 * `upload_malformed` for a form that is broken or holds what its shape does not name.
 */
export async function readUploadForm(
  { contentType, body, declaredBytes }: SentForm,
  shape: FormShape,
  keep: (file: SentFile) => Promise<void>,
): Promise<{ fields: Record<string, string>; fileCount: number }> {
  const form = openForm(contentType, shape);
  const fields: Record<string, string> = {};
  let fileCount = 0;
  let kept: Promise<void> = Promise.resolve();
  let current: Readable | null = null;
  let passedBytes = 0;
  let refusal: Error | null = null;
  const refuse = (error: Error) => {
    refusal ??= error;
    form.destroy(error);
  };
  form.on("field", (name, value, { valueTruncated, nameTruncated }) => {
    const problem = nameTruncated ? "The name of a field is too long." : fieldProblem(name, fields, shape);
    if (problem) return refuse(malformed(problem));
    fields[name] = value;
    if (valueTruncated) refuse(new DomainError("field_too_long", TOO_LONG));
  });
  form.on("file", (field, stream, { filename }) => {
    stream.on("error", () => undefined);
    if (field !== shape.file) return refuse(malformed(unknown(field)));
    if (!filename || refusal) {
      stream.resume();
      return;
    }
    fileCount++;
    current = stream;
    const left = declaredBytes === null ? null : Math.max(0, declaredBytes - passedBytes);
    kept = kept.then(() => keep({ stream, name: filename, fields: { ...fields }, declaredBytes: left }));
    kept.catch((error: Error) => {
      stream.resume();
      refuse(error);
    });
  });
  form.on("filesLimit", () => {
    const { maxFiles } = shape;
    refuse(
      new DomainError(
        "too_many_files",
        maxFiles === 1 ? "Send one file at a time." : `Send at most ${maxFiles} files at once.`,
      ),
    );
  });
  for (const limit of ["fieldsLimit", "partsLimit"] as const) {
    form.on(limit, () => refuse(malformed("This form has too many fields.")));
  }
  async function* counted(source: AsyncIterable<Buffer>) {
    for await (const piece of source) {
      yield piece;
      passedBytes += piece.length;
    }
  }
  try {
    await pipeline(body, counted, form);
  } catch (error) {
    (current as Readable | null)?.destroy(error as Error);
    await kept.catch(() => undefined);
    const first = (refusal as Error | null) ?? error;
    throw isBroken(first) ? malformed("This form is broken: a part of it cannot be read.") : first;
  }
  await kept;
  return { fields, fileCount };
}

function fieldProblem(name: string, fields: Record<string, string>, shape: FormShape): string | null {
  // A form sent without a file names its file field all the same.
  if (name === shape.file) return null;
  if (!shape.fields.includes(name)) return unknown(name);
  return Object.hasOwn(fields, name) ? `The field "${name}" occurs twice.` : null;
}

function unknown(name: string | undefined): string {
  return `This form has a field that is not known here: "${(name ?? "").slice(0, 60)}".`;
}

function malformed(message: string): DomainError {
  return new DomainError("upload_malformed", message);
}

function isBroken(error: unknown): boolean {
  return error instanceof Error && /malformed part header/i.test(error.message);
}

function openForm(
  contentType: string,
  { maxFiles, fields, fieldBytes = FIELD_BYTES }: FormShape,
): busboy.Busboy {
  try {
    return busboy({
      headers: { "content-type": contentType },
      defParamCharset: "utf8",
      limits: {
        files: maxFiles,
        fields: fields.length + 1,
        fieldSize: fieldBytes,
        parts: maxFiles + fields.length + 2,
        headerPairs: 50,
      },
    });
  } catch {
    throw malformed(
      "This upload is not a form as a browser sends it: it is not multipart, or names no boundary.",
    );
  }
}
