import { readFile, readdir, stat } from "node:fs/promises";
import path from "node:path";
import { MAX_FOREIGN_BYTES } from "@/lib/formats/foreign-source";
import { importForeign, verdictOf } from "@/lib/formats/import-foreign";

/**
 * `npm run conformance -- DIR`: runs the importers over a folder of foreign files and prints what each gave.
 * Public keys in it (`*.pem`, `*.pub`) are used to check signatures. Ends with 1 only when an importer crashed.
 */

type Line = Record<
  "file" | "format" | "mapped" | "figures" | "rows" | "not mapped" | "traps" | "verdict",
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
  return {
    file: name,
    format: read.format,
    mapped: read.mappedCount,
    figures: read.draft.figures.length,
    rows: read.draft.rows.length,
    "not mapped": read.notMapped.length,
    traps: [...new Set(read.traps.map(({ code }) => code))].join(" ") || "none",
    verdict: verdictOf(read),
  };
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
  const known = lines.filter(({ format }) => format !== "unknown").length;
  console.log(`\n${lines.length} files, ${known} in a known format, ${crashed.length} crashed`);
  for (const crash of crashed) console.error(crash);
  if (crashed.length > 0) process.exitCode = 1;
}
