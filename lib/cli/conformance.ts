import { open, readFile, readdir, stat } from "node:fs/promises";
import path from "node:path";
import { checkArtifact } from "@/lib/artifact/detect";
import { notJson } from "@/lib/formats/detect-format";
import { MAX_FOREIGN_BYTES } from "@/lib/formats/foreign-source";
import type { ForeignImport } from "@/lib/formats/foreign-draft";
import { importForeign, verdictOf } from "@/lib/formats/import-foreign";
import { readRows } from "@/lib/formats/read-rows";
import { isCorrect } from "@/lib/measurement/tally";

/**
 * `npm run conformance -- DIR`: runs the importers over a folder of foreign files and prints what each gave: rows, how
 * many of them are right, what found no place, traps and the verdict. A file of rows in no other format is counted as the
 * market counts it; any other is checked as one that is for sale. Public keys in it (`*.pem`, `*.pub`) are used to check signatures. Ends with 1 only when an
 * importer crashed.
 */

type Line = Record<
  "file" | "format" | "mapped" | "figures" | "rows" | "right" | "not mapped" | "traps" | "verdict",
  string | number
>;

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

async function readKeys(files: readonly string[]): Promise<string[]> {
  const keys = files.filter((file) => /\.(pem|pub)$/i.test(file));
  return Promise.all(keys.map((file) => readFile(file, "utf8")));
}

async function lineOf(folder: string, file: string, publicKeys: string[]): Promise<Line> {
  const name = path.relative(folder, file).split(path.sep).join("/");
  const { size } = await stat(file);
  // One byte more than may be read is enough for the importer to refuse it.
  const bytes = size > MAX_FOREIGN_BYTES ? new Uint8Array(MAX_FOREIGN_BYTES + 1) : await readFile(file);
  const read = await importForeign(name, bytes, { publicKeys });
  if (isParquetOfRows(name, read)) return lineOfRows(name, bytes);
  if (verdictOf(read) === "not a known format") {
    if (/\.(csv|tsv|jsonl|ndjson)$/i.test(name) || isListOfRows(name, bytes)) return lineOfRows(name, bytes);
    if (notJson(name, bytes) === null) return lineOfFile(name, file, size);
  }
  const { rows } = read.draft;
  return {
    file: name,
    format: read.format,
    mapped: read.mappedCount,
    figures: read.draft.figures.length,
    rows: rows.length,
    right: rows.length === 0 ? "" : rows.filter(isCorrect).length,
    "not mapped": read.notMapped.length,
    traps: [...new Set(read.traps.map(({ code }) => code))].join(" ") || "none",
    verdict: verdictOf(read),
  };
}

/** A refused Parquet file may still be one of plain rows. */
function isParquetOfRows(name: string, { format }: ForeignImport): boolean {
  return format === "parquet" && /\.parquet$/i.test(name);
}

/** A JSON list, of which each member may be a row. */
function isListOfRows(name: string, bytes: Uint8Array): boolean {
  return /\.json$/i.test(name) && /^\s*\[/.test(new TextDecoder().decode(bytes.subarray(0, 100)));
}

/** What the market says of a file that is for sale: kept as what it is, or refused with the reason. */
async function lineOfFile(name: string, file: string, sizeBytes: number): Promise<Line> {
  const handle = await open(file);
  const read = async (offset: number, length: number) => {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset);
    return buffer.subarray(0, bytesRead);
  };
  const check = await checkArtifact(name, { sizeBytes, read }).finally(() => handle.close());
  return {
    ...{
      file: name,
      format: `file: ${check.format}`,
      mapped: Object.keys(check.facts).length,
      figures: 0,
      rows: 0,
    },
    ...{ right: "", "not mapped": 0, traps: check.ok ? "none" : check.reason },
    verdict: check.ok ? "kept as it is" : "refused",
  };
}

async function lineOfRows(name: string, bytes: Uint8Array): Promise<Line> {
  const asked = {
    ...{ fileName: name, outputColumns: [], thresholds: [], found: "not_said" as const },
    ...{ conditions: [], level: 0.9, salt: "00".repeat(32) },
  };
  const read = await readRows(asked, bytes);
  const of = { file: name, format: "rows", figures: 0 };
  if ("problems" in read)
    return {
      ...of,
      mapped: 0,
      rows: 0,
      right: "",
      "not mapped": 0,
      traps: read.problems[0] ?? "",
      verdict: "refused",
    };
  const { n, k } = read.counted.summary.overall;
  const traps = read.notices.join(" ") || "none";
  return { ...of, mapped: n, rows: n, right: k, "not mapped": read.notUsed.length, traps, verdict: "read" };
}

function printTable(lines: readonly Line[]): void {
  const [first] = lines;
  if (!first) return console.log("There are no files in it.");
  const columns = Object.keys(first) as (keyof Line)[];
  const widths = columns.map((column) =>
    Math.max(column.length, ...lines.map((line) => String(line[column]).length)),
  );
  const row = (cells: readonly (string | number)[]) =>
    `| ${cells.map((cell, at) => String(cell).padEnd(widths[at] ?? 0)).join(" | ")} |`;
  console.log(row(columns));
  console.log(row(widths.map((width) => "-".repeat(width))));
  for (const line of lines) console.log(row(columns.map((column) => line[column])));
}

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error("Usage: npm run conformance -- DIR");
  process.exitCode = 2;
} else {
  const files = await filesIn(folder);
  const publicKeys = await readKeys(files);
  const lines: Line[] = [];
  const crashed: string[] = [];
  for (const file of files.filter((name) => !/\.(pem|pub)$/i.test(name))) {
    try {
      lines.push(await lineOf(folder, file, publicKeys));
    } catch (error) {
      crashed.push(`${path.relative(folder, file)}: ${String(error)}`);
    }
  }
  printTable(lines);
  const known = lines.filter(({ format }) => !String(format).startsWith("file: ")).length;
  console.log(`\n${lines.length} files, ${known} in a format that is read, ${crashed.length} crashed`);
  for (const crash of crashed) console.error(crash);
  if (crashed.length > 0) process.exitCode = 1;
}
