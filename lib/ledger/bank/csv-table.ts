import { parse } from "csv-parse/sync";
import { DomainError } from "@/lib/shared/domain-error";
import { unreadable } from "./movement";

/** A list with a line of column names. `line` is where a row begins, as an editor counts. */
export type Table = { delimiter: string; header: string[]; rows: { line: number; cells: string[] }[] };

const MAX_COLUMNS = 60;

/**
 * Reads CSV, separated by semicolon, comma or tab as its first line is, quoted by RFC 4180. Every row has as many cells
 * as there are columns. Throws `statement_unreadable`.
 */
export function readTable(text: string): Table {
  const delimiter = delimiterOf(text);
  let records: { info: { lines: number }; record: string[] }[];
  try {
    // One kind of break: the parser counts "\r\n" inside quotes as two.
    records = parse(text.replace(/\r\n?/g, "\n"), {
      ...{ delimiter, bom: true, info: true, relax_column_count: true, skip_empty_lines: true },
    }) as unknown as typeof records;
  } catch {
    throw new DomainError("statement_unreadable", "This is not a CSV file that can be read.");
  }
  const [first, ...rows] = records.map(({ info, record }) => ({
    line: info.lines - (record.join("").split("\n").length - 1),
    cells: record,
  }));
  const header = first?.cells.map((name) => name.trim()) ?? [];
  if (header.length < 2 || header.length > MAX_COLUMNS)
    throw unreadable(first?.line ?? 1, "The first line names the columns: at least 2, at most 60.");
  const broken = rows.find(({ cells }) => cells.length !== header.length);
  if (broken)
    throw unreadable(broken.line, `There are ${broken.cells.length} cells for ${header.length} columns.`);
  return { delimiter, header, rows };
}

function delimiterOf(text: string): string {
  const first = /^[^\r\n]*/.exec(text)?.[0] ?? "";
  const count = (mark: string) => first.split(mark).length;
  return [";", "\t", ","].reduce((best, mark) => (count(mark) > count(best) ? mark : best), ";");
}
