import { CsvError, parse } from "csv-parse/sync";

export const EVALUATION_FILE_LIMITS = {
  bytes: 50 * 1024 * 1024,
  rows: 200_000,
  columns: 64,
  recordCharacters: 100_000,
} as const;

export type FileProblem = {
  /** Line of the file, from 1; null when the file as a whole is meant. */
  line: number | null;
  column: string | null;
  message: string;
};

export type TableRecord = { line: number; values: readonly string[] };

/** A file as rows of text, whatever format it came in. `records` holds nothing that `problems` complains about. */
export type EvaluationTable = { columns: string[]; records: TableRecord[]; problems: FileProblem[] };

/** Reads CSV with a header line: quoted fields, CRLF and a byte order mark are all right. */
export function readCsv(text: string): EvaluationTable {
  const table: EvaluationTable = { columns: [], records: [], problems: [] };
  const parsed = parseCsv(text);
  if ("problem" in parsed) return { ...table, problems: [parsed.problem] };
  const [header, ...records] = parsed.records;
  if (!header) return { ...table, problems: [wholeFile("The file is empty.")] };
  table.columns = header.record.map((name) => name.trim());
  if (records.length > EVALUATION_FILE_LIMITS.rows) return { ...table, problems: [tooManyRows()] };
  for (const { info, record } of records) {
    if (record.length !== table.columns.length) {
      const message = `This line has ${record.length === 1 ? "1 field" : `${record.length} fields`}; the header has ${table.columns.length}.`;
      table.problems.push({ line: info.lines, column: null, message });
    } else {
      table.records.push({ line: info.lines, values: record.map((value) => value.trim()) });
    }
  }
  return table;
}

/** Reads JSON Lines: one flat object a line. Columns are the keys, in the order in which they first appear. */
export function readJsonLines(text: string): EvaluationTable {
  const problems: FileProblem[] = [];
  const positions = new Map<string, number>();
  const sparse: { line: number; entries: Map<string, string> }[] = [];
  let line = 0;
  for (const source of linesOf(text)) {
    line += 1;
    if (source.trim() === "") continue;
    if (sparse.length >= EVALUATION_FILE_LIMITS.rows)
      return { columns: [], records: [], problems: [tooManyRows()] };
    const entries = readJsonLine(source, line, problems);
    if (!entries) continue;
    for (const key of entries.keys()) if (!positions.has(key)) positions.set(key, positions.size);
    if (positions.size > EVALUATION_FILE_LIMITS.columns) break;
    sparse.push({ line, entries });
  }
  const columns = [...positions.keys()];
  const records = sparse.map((row) => ({
    line: row.line,
    values: columns.map((column) => row.entries.get(column) ?? ""),
  }));
  if (columns.length === 0 && problems.length === 0) problems.push(wholeFile("The file is empty."));
  return { columns, records, problems };
}

export function wholeFile(message: string): FileProblem {
  return { line: null, column: null, message };
}

// Half a surrogate pair has no UTF-8 form, and PostgreSQL stores no NUL.
const UNUSABLE_TEXT = /[\0\p{Surrogate}]/u;

type CsvRecord = { info: { lines: number }; record: string[] };

function parseCsv(text: string): { records: CsvRecord[] } | { problem: FileProblem } {
  try {
    const records = parse(text, {
      bom: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: EVALUATION_FILE_LIMITS.recordCharacters,
      // One for the header, one more to notice that there are too many.
      to: EVALUATION_FILE_LIMITS.rows + 2,
    }) as unknown as CsvRecord[];
    return { records };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error["lines"] === "number" ? error["lines"] : null;
    return { problem: { line, column: null, message: csvMessage(error) } };
  }
}

function csvMessage({ code }: CsvError): string {
  if (code === "CSV_QUOTE_NOT_CLOSED") return "A quoted field is opened and never closed.";
  if (code === "CSV_MAX_RECORD_SIZE") return "This record is longer than 100,000 characters.";
  if (code === "INVALID_OPENING_QUOTE" || code === "CSV_INVALID_CLOSING_QUOTE") {
    return "A quotation mark stands inside a field; double it and quote the whole field.";
  }
  return "This line is not CSV.";
}

function readJsonLine(source: string, line: number, problems: FileProblem[]): Map<string, string> | null {
  const refuse = (message: string, column: string | null = null) => {
    problems.push({ line, column, message });
    return null;
  };
  if (source.length > EVALUATION_FILE_LIMITS.recordCharacters) {
    return refuse("This record is longer than 100,000 characters.");
  }
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    return refuse("This line is not JSON.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return refuse("This line is not a JSON object.");
  }
  const entries = new Map<string, string>();
  for (const [key, member] of Object.entries(value as Record<string, unknown>)) {
    if (member !== null && typeof member === "object") {
      return refuse("Only text, numbers, true and false can be read here.", key);
    }
    if (UNUSABLE_TEXT.test(key) || UNUSABLE_TEXT.test(String(member))) {
      return refuse("A text holds a NUL or half a character.", key.replace(UNUSABLE_TEXT, "\uFFFD"));
    }
    entries.set(key.trim(), member === null ? "" : String(member).trim());
  }
  return entries;
}

function* linesOf(text: string): Generator<string> {
  let start = text.startsWith("\uFEFF") ? 1 : 0;
  while (start < text.length) {
    const end = text.indexOf("\n", start);
    yield text.slice(start, end === -1 ? text.length : end);
    if (end === -1) return;
    start = end + 1;
  }
}

function tooManyRows(): FileProblem {
  return wholeFile(`The file has more than ${EVALUATION_FILE_LIMITS.rows.toLocaleString("en")} rows.`);
}
