import { Readable } from "node:stream";
import { createGunzip, createInflate } from "node:zlib";
import { isPickle, refusePickle } from "./pickle";
import {
  type ArtifactCheck,
  type ArtifactReader,
  StructureError,
  refuseOnError,
  refused,
} from "./structure-cursor";
import { markupOf } from "./markup";

/** Text, and rows once they are unpacked, are read to the last byte and so are at most as long as this. */
export const MAX_TEXT_BYTES = 1024 ** 3;

const PIECE_BYTES = 1024 * 1024;
/** How much of packed rows is held to say what they are. */
const HELD_BYTES = 256 * 1024;

const CONTROL = /[\0-\x08\x0b\x0e-\x1f\x7f]/;

/** Checks that a file is UTF-8 text without control characters, to its last byte, and no web page or drawing. */
export function checkText(reader: ArtifactReader): Promise<ArtifactCheck> {
  return refuseOnError("text", async () => {
    if (reader.sizeBytes > MAX_TEXT_BYTES) throw tooLong();
    const head = await readText(piecesOf(reader));
    refuseMarkup(head);
    return {};
  });
}

/**
 * Checks that a gzip file holds text as above and nothing behind it. Unpacks at most 1 GB, a megabyte at a time.
 */
export async function checkPackedRows(reader: ArtifactReader): Promise<ArtifactCheck> {
  const held = await peek(reader, "gzip");
  if (held && (await isPickle(memoryReader(held)))) return refusePickle(", packed with gzip");
  return refuseOnError("rows", async () => {
    const gunzip = createGunzip({ chunkSize: PIECE_BYTES });
    const source = Readable.from(piecesOf(reader), { objectMode: false, highWaterMark: PIECE_BYTES });
    source.on("error", (error) => gunzip.destroy(error));
    try {
      refuseMarkup(await readText(source.pipe(gunzip)));
    } catch (error) {
      if (isUnpackingError(error))
        throw new StructureError("malformed", "This gzip file is damaged or cut off.");
      if (error instanceof StructureError && error.code === "not_listed")
        throw new StructureError(
          "archive",
          "This is a gzip file of something that is not rows; upload what is in it as it is.",
        );
      throw error;
    } finally {
      source.destroy();
      gunzip.destroy();
    }
    // zlib passes over what follows its last member; what is there would come along unseen.
    if (gunzip.bytesWritten < reader.sizeBytes)
      throw new StructureError("malformed", "Bytes follow the end of this gzip file.");
    return {};
  });
}

/** The refusal of a zlib stream; null when the file is none. */
export async function refuseZlib(head: Uint8Array, reader: ArtifactReader): Promise<ArtifactCheck | null> {
  const [method = 0, flags = 0] = head;
  if ((method & 15) !== 8 || method >> 4 > 7 || (method * 256 + flags) % 31 !== 0) return null;
  const held = await peek(reader, "zlib");
  if (!held) return null;
  if (await isPickle(memoryReader(held))) return refusePickle(", packed with zlib");
  return refused(
    "archive",
    "archive",
    "This is a zlib stream; upload what is in it as it is, so that it can be checked.",
  );
}

async function readText(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let head = "";
  let length = 0;
  const take = (text: string) => {
    if (CONTROL.test(text)) throw notText();
    if (head.length < HELD_BYTES) head += text.slice(0, HELD_BYTES - head.length);
  };
  for await (const piece of pieces) {
    length += piece.length;
    if (length > MAX_TEXT_BYTES) throw tooLong();
    take(decoded(decoder, piece));
  }
  take(decoded(decoder));
  return head;
}

function decoded(decoder: TextDecoder, piece?: Uint8Array): string {
  try {
    return decoder.decode(piece, { stream: piece !== undefined });
  } catch {
    throw notText();
  }
}

function refuseMarkup(head: string): void {
  const markup = markupOf(head);
  if (markup)
    throw new StructureError(
      "runs_code",
      `This is ${markup}, in which programs can hide; send its text as plain text.`,
    );
}

/** What the first bytes unpack to; null where they do not. */
async function peek(reader: ArtifactReader, packing: "gzip" | "zlib"): Promise<Uint8Array | null> {
  const unpack = packing === "gzip" ? createGunzip() : createInflate();
  const pieces: Uint8Array[] = [];
  unpack.end(await reader.read(0, Math.min(HELD_BYTES, reader.sizeBytes)));
  try {
    let length = 0;
    for await (const piece of unpack as AsyncIterable<Uint8Array>) {
      pieces.push(piece);
      length += piece.length;
      if (length >= HELD_BYTES) break;
    }
  } catch {
    // The bytes given end before the stream does.
  }
  unpack.destroy();
  return pieces.length === 0 ? null : Buffer.concat(pieces);
}

async function* piecesOf(reader: ArtifactReader): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < reader.sizeBytes; at += PIECE_BYTES) {
    yield await reader.read(at, Math.min(PIECE_BYTES, reader.sizeBytes - at));
  }
}

function memoryReader(bytes: Uint8Array): ArtifactReader {
  return { sizeBytes: bytes.length, read: async (offset, length) => bytes.subarray(offset, offset + length) };
}

function isUnpackingError(error: unknown): boolean {
  const { code = "" } = (error ?? {}) as { code?: string };
  return /^Z_|^ERR_.*TRAILING/.test(code);
}

function notText(): StructureError {
  return new StructureError("not_listed", "It is not text: it is not UTF-8, or holds control characters.");
}

function tooLong(): StructureError {
  return new StructureError("too_large", "Text is kept up to 1 GB, unpacked.");
}
