import { Readable } from "node:stream";
import { crc32, inflateRawSync, zstdDecompressSync } from "node:zlib";
import { type Entry, RandomAccessReader, type ZipFile, fromRandomAccessReaderPromise } from "yauzl";
import { type ArtifactReader, StructureError } from "./structure-cursor";

/** What a zip archive may hold at most; what says or turns out to be more is refused before it is unpacked further. */
export const ZIP_LIMITS = {
  entries: 50_000,
  entryBytes: 32 * 1024 * 1024,
  /** All entries together, unpacked. */
  unpackedBytes: 256 * 1024 * 1024,
  /** Unpacked to packed, of an entry above a megabyte. */
  ratio: 500,
} as const;

/** A directory is read in pieces of so many bytes. */
const WINDOW_BYTES = 1024 * 1024;
const MEGABYTE = 1024 * 1024;
const [STORED, DEFLATED, ZSTD] = [0, 8, 93];

export type ZipArchive = {
  /** Every entry by its name; of entries of one name the last, as other programs read them. */
  entries: ReadonlyMap<string, Entry>;
  unpack(entry: Entry): Promise<Uint8Array>;
};

/**
 * Opens a zip archive by its directory. Throws StructureError for one that is damaged, encrypted, packed in a way
 * other than deflate or Zstandard, names places outside of itself, or holds more than `ZIP_LIMITS`.
 */
export async function openZip(reader: ArtifactReader): Promise<ZipArchive> {
  try {
    const zip = await fromRandomAccessReaderPromise(new Window(reader), reader.sizeBytes, {
      autoClose: false,
    });
    return { entries: await listEntries(zip), unpack: async (entry) => unpack(zip, reader, entry) };
  } catch (error) {
    throw asStructureError(error);
  }
}

async function listEntries(zip: ZipFile): Promise<Map<string, Entry>> {
  if (zip.entryCount > ZIP_LIMITS.entries)
    throw new StructureError(
      "too_large",
      `It holds more than ${ZIP_LIMITS.entries.toLocaleString("en")} files.`,
    );
  const entries = new Map<string, Entry>();
  let unpacked = 0;
  for await (const entry of zip.eachEntry()) {
    judgeEntry(entry);
    unpacked += entry.uncompressedSize;
    if (unpacked > ZIP_LIMITS.unpackedBytes)
      throw new StructureError("too_large", "It unpacks to more than 256 MB.");
    entries.set(entry.fileName, entry);
  }
  return entries;
}

function judgeEntry(entry: Entry): void {
  const { compressedSize, uncompressedSize, compressionMethod } = entry;
  if (entry.isEncrypted()) throw new StructureError("malformed", "A file in it is encrypted.");
  if (![STORED, DEFLATED, ZSTD].includes(compressionMethod))
    throw new StructureError("unsupported_type", "A file in it is packed in a way not known here.");
  if (uncompressedSize > ZIP_LIMITS.entryBytes)
    throw new StructureError("too_large", "A file in it unpacks to more than 32 MB.");
  if (uncompressedSize > MEGABYTE && uncompressedSize > compressedSize * ZIP_LIMITS.ratio)
    throw new StructureError(
      "too_large",
      `A file in it unpacks to more than ${ZIP_LIMITS.ratio} times its size.`,
    );
}

async function unpack(zip: ZipFile, reader: ArtifactReader, entry: Entry): Promise<Uint8Array> {
  try {
    const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
    const packed = await reader.read(fileDataStart, entry.compressedSize);
    // A length that the directory does not state is never unpacked.
    const bounds = { maxOutputLength: Math.max(1, entry.uncompressedSize) };
    const bytes =
      entry.compressionMethod === STORED
        ? packed
        : entry.compressionMethod === ZSTD
          ? zstdDecompressSync(packed, bounds)
          : inflateRawSync(packed, bounds);
    if (bytes.length !== entry.uncompressedSize || crc32(bytes) !== entry.crc32) throw damaged();
    return bytes;
  } catch (error) {
    throw asStructureError(error);
  }
}

function asStructureError(error: unknown): unknown {
  if (error instanceof StructureError) return error;
  const { code, message = "" } = (error ?? {}) as { code?: string; message?: string };
  const isOfTheFile = code === undefined || /^(Z_|ZSTD_|ERR_)/.test(code);
  if (!isOfTheFile) return error;
  if (/relative path|absolute path|invalid characters/.test(message))
    return new StructureError("malformed", "A file in it names a place outside of it.");
  return damaged();
}

function damaged(): StructureError {
  return new StructureError("malformed", "The archive is damaged or cut off.");
}

/** Reads a file in windows, so that a directory of many short entries takes few reads. */
class Window extends RandomAccessReader {
  private start = 0;
  private bytes: Uint8Array = new Uint8Array();

  constructor(private readonly reader: ArtifactReader) {
    super();
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    this.fill(length, position).then(
      (bytes) => {
        if (bytes.length < length) return callback(damaged());
        buffer.set(bytes, offset);
        callback(null);
      },
      (error: Error) => callback(error),
    );
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(
      (async function* (reader) {
        yield await reader.read(start, end - start);
      })(this.reader),
    );
  }

  private async fill(length: number, position: number): Promise<Uint8Array> {
    const isHeld = position >= this.start && position + length <= this.start + this.bytes.length;
    if (!isHeld) {
      const wanted = Math.min(Math.max(length, WINDOW_BYTES), this.reader.sizeBytes - position);
      this.bytes = await this.reader.read(position, Math.max(0, wanted));
      this.start = position;
    }
    const from = position - this.start;
    return this.bytes.subarray(from, from + length);
  }
}
