import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";
import {
  type Compressors,
  type FileMetaData,
  parquetMetadata,
  parquetReadObjects,
  snappyUncompress,
} from "hyparquet";
import { parseJson } from "@/lib/shared/encoding";
import { quoteInexact } from "@/lib/measurement/exact-json";
import { PARQUET_LIMITS, whyNotRead } from "./parquet-bounds";

const ROWS_AT_ONCE = 2_000;
const MARK = [0x50, 0x41, 0x52, 0x31];

export type ParquetLines = { lines: string; columns: string[] } | { problem: string };

export function isParquet(input: Uint8Array | string): boolean {
  return typeof input !== "string" && MARK.every((byte, index) => input[index] === byte);
}

/**
 * The rows of a Parquet file as JSON Lines, whole numbers of any length exactly, so that every reader of lines reads
 * them too; or a sentence why not. Columns of tokens are left out. Never throws on any bytes.
 */
export async function parquetLines(bytes: Uint8Array): Promise<ParquetLines> {
  try {
    const file = exactCopy(bytes);
    const metadata = parquetMetadata(file, { geoparquet: false });
    const all = topColumns(metadata.schema);
    const problem = whyNotRead(file, metadata, all);
    if (problem !== null) return { problem };
    const columns = all.filter((name) => !TOKENS.test(name));
    const parts: string[] = [];
    let length = 0;
    for (let rowStart = 0; rowStart < Number(metadata.num_rows); rowStart += ROWS_AT_ONCE) {
      const rows = await parquetReadObjects({
        file,
        metadata,
        columns,
        rowStart,
        rowEnd: Math.min(rowStart + ROWS_AT_ONCE, Number(metadata.num_rows)),
        compressors,
        geoparquet: false,
        parsers: { jsonFromBytes: (json) => jsonOf(new TextDecoder().decode(json)) },
      });
      for (const row of rows) {
        const line = JSON.stringify(row, plainValue);
        length += line.length + 1;
        if (length > PARQUET_LIMITS.textCharacters)
          return { problem: "Its rows are longer than 64 MB of text." };
        parts.push(line);
      }
    }
    return { lines: parts.join("\n"), columns };
  } catch {
    return { problem: "The Parquet file is damaged, or written in a way not known here." };
  }
}

/** Long and of no use to whoever counts answers. */
const TOKENS = /^(input_tokens|cont_tokens|output_tokens|full_prompt|example_tokens)$/;

/** Columns as they stand in a row: the children of the root. */
function topColumns(schema: FileMetaData["schema"]): string[] {
  const columns: string[] = [];
  let at = 1;
  const skip = (): void => {
    let open = 1;
    for (; open > 0 && at < schema.length; at++) open += (schema[at]?.num_children ?? 0) - 1;
  };
  while (at < schema.length) {
    columns.push(schema[at]?.name ?? "");
    skip();
  }
  return columns;
}

/** The library sets a page's stated length aside before it unpacks it. */
function bounded(unpack: (packed: Uint8Array, length: number) => Uint8Array) {
  return (packed: Uint8Array, length: number): Uint8Array => {
    if (length > PARQUET_LIMITS.pageBytes) throw new RangeError("a page is too long");
    return unpack(packed, length);
  };
}

const compressors: Compressors = {
  SNAPPY: bounded((packed, length) => {
    const page = new Uint8Array(length);
    snappyUncompress(packed, page);
    return page;
  }),
  GZIP: bounded((packed, maxOutputLength) => gunzipSync(packed, { maxOutputLength })),
  ZSTD: bounded((packed, maxOutputLength) => zstdDecompressSync(packed, { maxOutputLength })),
  BROTLI: bounded((packed, maxOutputLength) => brotliDecompressSync(packed, { maxOutputLength })),
};

/** Whole numbers stand in JSON digit by digit; what is no number, as Python writes it. */
function plainValue(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return rawJson(String(value));
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  return ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<unknown>) : value;
}

function jsonOf(text: string): unknown {
  return parseJson(quoteInexact(text).text) ?? text;
}

function rawJson(digits: string): unknown {
  return (JSON as typeof JSON & { rawJSON(text: string): unknown }).rawJSON(digits);
}

function exactCopy(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}
