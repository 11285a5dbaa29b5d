import type { ColumnMetaData, FileMetaData } from "hyparquet";
import { parquetHeader } from "hyparquet/src/column.js";

/** What a Parquet file may hold at most. */
export const PARQUET_LIMITS = {
  rows: 200_000,
  columns: 64,
  /** Of all columns together; a list has many for each row. */
  values: 20_000_000,
  /** Of all columns together, unpacked; and of one page of a column. */
  unpackedBytes: 256 * 1024 * 1024,
  pageBytes: 64 * 1024 * 1024,
  /** Of the rows as lines of JSON. */
  textCharacters: 64 * 1024 * 1024,
} as const;

const DAMAGED = "The Parquet file is damaged, or written in a way not known here.";

/**
 * Why a Parquet file is not read; null for one within its limits. Every page is looked at before anything is unpacked:
 * a reader believes what a page says of itself, and a few bytes may say that they are two thousand million values.
 * May throw on a damaged file. What is wrong within a page is not seen here: its decoder may follow a run of any length,
 * until the time of the process that reads is up.
 */
export function whyNotRead(
  file: ArrayBuffer,
  metadata: FileMetaData,
  columns: readonly string[],
): string | null {
  if (columns.length > PARQUET_LIMITS.columns) return "The file has more than 64 columns.";
  if (metadata.num_rows > PARQUET_LIMITS.rows) return "The file has more than 200,000 rows.";
  const groupRows = metadata.row_groups.reduce((sum, { num_rows }) => sum + num_rows, 0n);
  if (groupRows !== metadata.num_rows || metadata.num_rows < 0n) return DAMAGED;
  let values = 0;
  let unpacked = 0;
  for (const { columns: chunks } of metadata.row_groups) {
    for (const { meta_data: chunk } of chunks) {
      const pages = chunk && pagesOf(file, chunk);
      if (!pages) return DAMAGED;
      values += pages.values;
      unpacked += pages.unpackedBytes;
      if (unpacked > PARQUET_LIMITS.unpackedBytes) return "The file unpacks to more than 256 MB.";
      if (values > PARQUET_LIMITS.values) return "The file holds more than 20,000,000 values.";
    }
  }
  return null;
}

/** What the pages of a column say of themselves; null where that contradicts itself or the file. */
function pagesOf(file: ArrayBuffer, chunk: ColumnMetaData): { values: number; unpackedBytes: number } | null {
  const start = Number(chunk.dictionary_page_offset || chunk.data_page_offset);
  const length = Number(chunk.total_compressed_size);
  if (start < 4 || length < 0 || start + length > file.byteLength) return null;
  const reader = { view: new DataView(file, start, length), offset: 0 };
  let [values, unpackedBytes] = [0, 0];
  while (reader.offset < length - 1) {
    const page = parquetHeader(reader);
    const { num_values: stated = 0 } =
      page.data_page_header ?? page.data_page_header_v2 ?? page.dictionary_page_header ?? {};
    const sizes = [stated, page.compressed_page_size, page.uncompressed_page_size];
    if (!sizes.every((size) => Number.isSafeInteger(size) && size >= 0)) return null;
    if (page.uncompressed_page_size > PARQUET_LIMITS.pageBytes) return null;
    reader.offset += page.compressed_page_size;
    values += stated;
    unpackedBytes += page.uncompressed_page_size;
  }
  return reader.offset > length ? null : { values, unpackedBytes };
}
