import { StructureError } from "@/lib/artifact/structure-cursor";
import { type ZipArchive, openZip } from "@/lib/artifact/zip-archive";
import { MAX_MEDIA_BYTES } from "@/lib/inference/model-input";
import type { MediaFiles } from "@/lib/measurement/row-inputs";
import { isPlainName } from "@/lib/shared/plain-name";

/** A table of rows and the pictures or sounds that it names, in one zip archive. */
const LIMITS = {
  entries: 1_000,
  /** Unpacked to packed, of any entry above 64 KiB. */
  ratio: 100,
  ratioFromBytes: 64 * 1024,
  unpackedBytes: 64 * 1024 ** 2,
} as const;

const TABLE = /^(?:[^/]+\/)?rows\.(?:csv|tsv|jsonl)$/i;
/** What packers leave beside the files. */
const LEFT_BY_PACKERS = /(?:^|\/)(?:__MACOSX\/|\.DS_Store$|Thumbs\.db$)/;
const ARCHIVE_STARTS = ["504b0304", "1f8b", "425a68", "fd377a585a", "28b52ffd", "377abcaf", "52617221"];
const SYMLINK = 0o120_000;
const FILE_KIND = 0o170_000;

export function isMediaArchive(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 4)).toString("hex") === ARCHIVE_STARTS[0];
}

/**
 * Opens such an archive: `rows.csv`, `.tsv` or `.jsonl`, at the top or in its one folder, and files beside it. Every entry is
 * held against the limits before any is unpacked. What is wrong with it, in a sentence; never throws on any bytes.
 */
export async function openMediaArchive(
  bytes: Uint8Array,
): Promise<{ name: string; bytes: Uint8Array; media: MediaFiles } | { problem: string }> {
  try {
    const read = async (offset: number, length: number) => bytes.subarray(offset, offset + length);
    const archive = await openZip({ sizeBytes: bytes.length, read });
    const problem = problemOf(archive);
    if (problem !== null) return { problem };
    const tables = [...archive.entries.keys()].filter((name) => TABLE.test(name));
    const [name] = tables;
    if (name === undefined || tables.length > 1)
      return { problem: "An archive holds one table of its rows: rows.csv, rows.tsv or rows.jsonl." };
    return await unpackAll(archive, name);
  } catch (error) {
    if (!(error instanceof StructureError)) throw error;
    return { problem: error.message };
  }
}

function problemOf({ entries }: ZipArchive): string | null {
  if (entries.size > LIMITS.entries)
    return `The archive holds more than ${LIMITS.entries.toLocaleString("en")} files.`;
  let unpacked = 0;
  for (const [name, { compressedSize, uncompressedSize, externalFileAttributes }] of entries) {
    const called = `"${name.slice(0, 60)}"`;
    if (!isPlainName(name))
      return `The name of a file in it, ${called}, holds characters that cannot be seen.`;
    if (((externalFileAttributes >>> 16) & FILE_KIND) === SYMLINK)
      return `${called} in it is a link, and no file.`;
    if (uncompressedSize > LIMITS.ratioFromBytes && uncompressedSize > compressedSize * LIMITS.ratio)
      return `${called} in it unpacks to more than ${LIMITS.ratio} times its size.`;
    unpacked += uncompressedSize;
    if (unpacked > LIMITS.unpackedBytes)
      return `The archive unpacks to more than ${LIMITS.unpackedBytes / 1024 ** 2} MB.`;
  }
  return null;
}

async function unpackAll(
  archive: ZipArchive,
  tableName: string,
): Promise<{ name: string; bytes: Uint8Array; media: MediaFiles } | { problem: string }> {
  const folder = tableName.slice(0, tableName.lastIndexOf("/") + 1);
  const media = new Map<string, string>();
  let table: Uint8Array = new Uint8Array();
  for (const [name, entry] of archive.entries) {
    if (name.endsWith("/") || LEFT_BY_PACKERS.test(name)) continue;
    if (name !== tableName && entry.uncompressedSize > MAX_MEDIA_BYTES)
      return { problem: `"${name.slice(0, 60)}" in it is larger than ${MAX_MEDIA_BYTES / 1024 ** 2} MB.` };
    const bytes = await archive.unpack(entry);
    const start = Buffer.from(bytes.subarray(0, 6)).toString("hex");
    if (ARCHIVE_STARTS.some((packed) => start.startsWith(packed)))
      return { problem: `"${name.slice(0, 60)}" in it is an archive itself.` };
    if (name === tableName) table = bytes;
    else if (name.startsWith(folder))
      media.set(name.slice(folder.length), Buffer.from(bytes).toString("base64"));
  }
  return { name: tableName, bytes: table, media: (name) => media.get(name) ?? null };
}
