import { parseJson } from "@/lib/shared/encoding";
import { CsvError, parse } from "csv-parse/sync";
import { roleNamed } from "./column-roles";
import { quoteInexact } from "./exact-json";

export const EVALUATION_FILE_LIMITS = {
  bytes: 50 * 1024 * 1024,
  rows: 200_000,
  columns: 64,
  recordCharacters: 100_000,
} as const;

const MAX_KEPT_PROBLEMS = 1_000;

export type FileProblem = {
  /** Line of the file, from 1; null when the file as a whole is meant. */
  line: number | null;
  column: string | null;
  message: string;
};

/** Problems are counted all and listed as far as anybody reads. */
export class FileProblems {
  readonly listed: FileProblem[] = [];
  count = 0;

  add(problem: FileProblem): void {
    this.count += 1;
    if (this.listed.length < MAX_KEPT_PROBLEMS) this.listed.push(problem);
  }
}

/** Takes a file as rows of text, one at a time; nothing of a row is held here after it was taken. */
export type TableTaker = {
  problems: FileProblems;
  /** A column the file has, in the order in which they first appear; before any row that has a value in it. */
  column(name: string): void;
  /** One row: values by the place of their column, as far as it has any. */
  row(line: number, values: Iterable<readonly [place: number, value: string]>): void;
};

const DECIMAL_COMMA = /^\s*[-+]?\d+,\d+\s*$/;

/**
 * Reads CSV with a header line, and TSV: the separator is the sign of comma, semicolon, tab and bar that the header holds
 * most often, or what Excel's `sep=` says. Quoted fields, any line ends, also mixed, and a byte order mark are all right.
 * Where a semicolon separates, a comma between digits is a decimal comma. Answers what was read so.
 */
export function readCsv(bytes: Uint8Array, taker: TableTaker): string[] {
  const { delimiter, isStated } = separatorOf(bytes);
  let columns = 0;
  let rows = isStated ? -2 : -1;
  let commas = 0;
  const valuesOf = function* (record: readonly string[]): Generator<readonly [number, string]> {
    for (const [place, value] of record.entries()) {
      const isComma = delimiter === ";" && DECIMAL_COMMA.test(value);
      if (isComma) commas += 1;
      yield [place, isComma ? value.replace(",", ".") : value];
    }
  };
  const onRecord = (record: string[], { lines }: { lines: number }) => {
    rows += 1;
    if (rows < 0) return null;
    if (rows === 0) {
      columns = record.length;
      record.slice(0, EVALUATION_FILE_LIMITS.columns + 1).forEach((name) => taker.column(name.trim()));
    } else if (columns > EVALUATION_FILE_LIMITS.columns || rows > EVALUATION_FILE_LIMITS.rows) return null;
    else if (record.length === columns) taker.row(lines, valuesOf(record));
    else {
      const found = record.length === 1 ? "1 field" : `${record.length} fields`;
      taker.problems.add({
        line: lines,
        column: null,
        message: `This line has ${found}; the header has ${columns}.`,
      });
    }
    return null;
  };
  const broken = parseCsv(bytes, delimiter, onRecord);
  if (broken) throw new UnreadableTable(broken);
  if (rows < 0) throw new UnreadableTable(wholeFile("The file is empty."));
  if (rows > EVALUATION_FILE_LIMITS.rows) throw new UnreadableTable(tooManyRows());
  return commas > 0 ? ["Commas between digits were read as decimal commas, since semicolons separate."] : [];
}

/** What separates the fields of a file, by its header line. */
function separatorOf(bytes: Uint8Array): { delimiter: string; isStated: boolean } {
  const head = new TextDecoder().decode(bytes.subarray(0, EVALUATION_FILE_LIMITS.recordCharacters));
  const stated = /^\s*"?sep=([^\r\n])"?[ \t]*[\r\n]/i.exec(head)?.[1];
  if (stated !== undefined) return { delimiter: stated, isStated: true };
  const counts = new Map([",", ";", "\t", "|"].map((sign) => [sign, 0]));
  let isQuoted = false;
  for (const sign of head.trimStart()) {
    if (sign === '"') isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (sign === "\n" || sign === "\r") break;
    else if (counts.has(sign)) counts.set(sign, (counts.get(sign) ?? 0) + 1);
  }
  const [[delimiter] = [","]] = [...counts].sort(([, a], [, b]) => b - a);
  return { delimiter, isStated: false };
}

/** The file as a whole cannot be read, and this is all there is to say of it. */
export class UnreadableTable extends Error {
  constructor(readonly problem: FileProblem) {
    super(problem.message);
  }
}

export const NO_ROWS = "This is JSON, and no rows: write one object a line, or a list of objects.";

/** Text of a record of JSON, and the line on which it begins. */
export type RecordText = readonly [line: number, source: string];

/**
 * Reads records of JSON: one object each. Columns are the keys, in the order in which they first appear; lists and objects
 * in them are left out, except where an answer is meant. Answers what was left out.
 */
export function readRecords(records: Iterable<RecordText>, taker: TableTaker): string[] {
  const positions = new Map<string, number>();
  const nested = new Set<string>();
  let rows = 0;
  for (const [line, source] of records) {
    rows += 1;
    if (rows > EVALUATION_FILE_LIMITS.rows) throw new UnreadableTable(tooManyRows());
    const entries = readRecord(source, line, taker.problems, nested);
    if (!entries) continue;
    for (const key of entries.keys()) {
      if (positions.has(key)) continue;
      positions.set(key, positions.size);
      taker.column(key);
    }
    if (positions.size > EVALUATION_FILE_LIMITS.columns) break;
    taker.row(
      line,
      [...entries].map(([key, value]) => [positions.get(key) ?? 0, value] as const),
    );
  }
  if (positions.size === 0 && nested.size > 0) throw new UnreadableTable(wholeFile(NO_ROWS));
  if (positions.size === 0 && taker.problems.count === 0)
    throw new UnreadableTable(wholeFile("The file is empty."));
  const names = [...nested].slice(0, 10).map((name) => `"${name.slice(0, 40)}"`);
  return names.length === 0 ? [] : [`Lists and objects were not read, in the column ${names.join(", ")}.`];
}

export function wholeFile(message: string): FileProblem {
  return { line: null, column: null, message };
}

// Half a surrogate pair has no UTF-8 form, and PostgreSQL stores no NUL.
const UNUSABLE_TEXT = /[\0\p{Surrogate}]/u;

function parseCsv(
  bytes: Uint8Array,
  delimiter: string,
  onRecord: (record: string[], context: { lines: number }) => null,
): FileProblem | null {
  try {
    parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), {
      bom: true,
      delimiter,
      record_delimiter: ["\r\n", "\n", "\r"],
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: EVALUATION_FILE_LIMITS.recordCharacters,
      // Two for the separator and the header, one more to notice that there are too many.
      to: EVALUATION_FILE_LIMITS.rows + 3,
      on_record: onRecord,
    });
    return null;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error["lines"] === "number" ? error["lines"] : null;
    return { line, column: null, message: csvMessage(error) };
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

function readRecord(
  source: string,
  line: number,
  problems: FileProblems,
  nested: Set<string>,
): Map<string, string> | null {
  const refuse = (message: string, column: string | null = null) => {
    problems.add({ line, column, message });
    return null;
  };
  if (source.length > EVALUATION_FILE_LIMITS.recordCharacters) {
    return refuse("This record is longer than 100,000 characters.");
  }
  const value = parseJson(quoteInexact(source, "all_numbers").text);
  if (value === undefined) return refuse("This line is not JSON.");
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return refuse("This line is not a JSON object.");
  }
  const entries = new Map<string, string>();
  for (const [key, member] of Object.entries(value as Record<string, unknown>)) {
    if (member !== null && typeof member === "object") {
      if (roleNamed(key) !== null) return refuse("Only text, numbers, true and false can be read here.", key);
      nested.add(key);
      continue;
    }
    if (UNUSABLE_TEXT.test(key) || UNUSABLE_TEXT.test(String(member))) {
      return refuse("A text holds a NUL or half a character.", key.replace(UNUSABLE_TEXT, "\uFFFD"));
    }
    entries.set(key.trim(), member === null ? "" : String(member));
  }
  return entries;
}

/** Lines of a text that hold anything. */
export function* linesOf(bytes: Uint8Array): Generator<RecordText> {
  const decoder = new TextDecoder("utf-8");
  let line = 0;
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(0x0a, start);
    const source = decoder.decode(bytes.subarray(start, end === -1 ? bytes.length : end));
    line += 1;
    if (source.trim() !== "") yield [line, source];
    if (end === -1) return;
    start = end + 1;
  }
}

function tooManyRows(): FileProblem {
  return wholeFile(`The file has more than ${EVALUATION_FILE_LIMITS.rows.toLocaleString("en")} rows.`);
}
