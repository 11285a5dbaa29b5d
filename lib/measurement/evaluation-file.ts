import {
  EVALUATION_FILE_LIMITS,
  type FileProblem,
  NO_ROWS,
  UnreadableTable,
  linesOf,
  readCsv,
  readRecords,
  wholeFile,
} from "./evaluation-table";
import { membersOf } from "./json-members";
import type { RowInputs } from "./row-inputs";
import { type MeasuredRows, RowTable } from "./row-table";
import type { ClusterSource } from "./clusters";
import { checkOf } from "./condition";
import { isConfidenceLeak } from "./leak";
import {
  type EvaluationRow,
  type OutputCondition,
  type SliceDefinition,
  outputCondition,
  withOutputSlices,
} from "./slice";
import { MAX_CONDITION_TEXT } from "@/lib/catalogue/condition";
import { UNSEEN_REFUSED, isPlainName } from "@/lib/shared/plain-name";
import { type ColumnReport, MAX_SLICES } from "./slice-columns";
import type { Threshold } from "./threshold-columns";

/** What whoever brings rows says of the slices that their columns make. */
export const waysFound = ["not_said", "known_before", "looked"] as const;
export type HowFound = (typeof waysFound)[number];

const CONFIDENCE_LEAK =
  "A confidence tells which predictions are right, which nobody knows beforehand; no slice is cut at it.";
const PIECE_BYTES = 1024 * 1024;
export const MAX_LISTED_PROBLEMS = 20;
export const MAX_CLASSES = 1_000;

export type EvaluationFileOptions = {
  /** Columns whose value depends on what the model answered; every other slice column is about the input. */
  outputColumns?: readonly string[];
  /** Slices over the model's own answers, asked for by the seller; they are marked as discovered on these rows. */
  outputConditions?: readonly OutputCondition[];
  /** Numbers at which columns are cut. */
  thresholds?: readonly Threshold[];
  /** How whoever brings the rows came to the slices of their columns. */
  found?: HowFound;
  /** What the model reads, to be found among the columns. */
  inputs?: RowInputs | undefined;
  measured?: MeasuredRows | undefined;
  /** Columns that conditions of another run ask for. */
  asked?: ReadonlySet<string>;
  /** Told now and then how many rows were read. */
  onRows?: (count: number) => void;
};

export type EvaluationFile =
  | {
      ok: true;
      format: TableFormat;
      rows: EvaluationRow[];
      slices: SliceDefinition[];
      /** What shows that rows belong together; empty where nothing does. */
      clustersFrom: ClusterSource[];
      columns: ColumnReport[];
      /** Columns that were computed from the inputs. */
      computed: string[];
      /** Sentences about what was read in a way the seller may not expect. */
      notices: string[];
    }
  | { ok: false; problems: FileProblem[]; problemCount: number };

const LINES_NAME = /\.(jsonl|ndjson)$/i;

type TableFormat = "csv" | "jsonl" | "json";

/**
 * Reads an evaluation file (CSV, JSON Lines or a JSON list): `label`, `prediction`, optional `confidence`, `cluster` and
 * `id`, and one column for each slice. All or nothing: a file with a problem gives the first 20 problems by line and no
 * rows, because a dropped row would quietly raise a score. Never throws on any bytes.
 */
export function readEvaluationFile(
  name: string,
  bytes: Uint8Array,
  options: EvaluationFileOptions = {},
): EvaluationFile {
  if (bytes.length > EVALUATION_FILE_LIMITS.bytes)
    return refused([wholeFile("The file is larger than 50 MB.")]);
  const unreadable = problemOfText(bytes);
  if (unreadable) return refused([unreadable]);
  const format = formatOf(name, bytes);
  const table = new RowTable(options.outputColumns ?? [], options);
  const notices: string[] = [];
  try {
    const records = format === "json" ? membersOf(bytes) : linesOf(bytes);
    notices.push(...(format === "csv" ? readCsv(bytes, table) : readRecords(records, table)));
  } catch (error) {
    if (error instanceof UnreadableTable) return refused([error.problem]);
    throw error;
  }
  if (format === "jsonl" && table.count === 0 && !LINES_NAME.test(name)) return refused([wholeFile(NO_ROWS)]);
  const problems = headerProblems(table);
  if (problems.length > 0 || table.columns.length === 0)
    return refused([...problems, ...table.problems.listed], problems.length + table.problems.count);
  return readTable(format, table, options, notices);
}

/** Looks at the bytes in pieces, so that no second copy of them is made. */
function problemOfText(bytes: Uint8Array): FileProblem | null {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  try {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES)
      decoder.decode(bytes.subarray(at, at + PIECE_BYTES), { stream: true });
    decoder.decode();
  } catch {
    return wholeFile("The file is not UTF-8 text.");
  }
  return bytes.includes(0) ? wholeFile("The file holds NUL characters: it is not a text file.") : null;
}

/** Answers worth offering as slices, most frequent first; with confidences also at 0.8 and 0.9. */
export function offerOutputConditions(rows: readonly EvaluationRow[]): (OutputCondition & { n: number })[] {
  const counts = new Map<string, number>();
  for (const { prediction } of rows) counts.set(prediction, (counts.get(prediction) ?? 0) + 1);
  const hasConfidence = rows.some(({ confidence }) => confidence !== undefined);
  return [...counts]
    .filter(([prediction]) => prediction !== "" && prediction.length <= MAX_CONDITION_TEXT)
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .slice(0, 20)
    .flatMap(([prediction, n]) => {
      const thresholds = hasConfidence ? [0.8, 0.9] : [];
      const surer = thresholds.map((minConfidence) => {
        const isMet = checkOf(outputCondition({ prediction, minConfidence }));
        return { prediction, minConfidence, n: rows.filter(isMet).length };
      });
      return [{ prediction, n }, ...surer.filter((offer) => offer.n > 0 && !isConfidenceLeak(rows, offer))];
    });
}

/** By what it holds: a list of objects is one under any name. */
function formatOf(name: string, bytes: Uint8Array): TableFormat {
  const start = new TextDecoder().decode(bytes.subarray(0, 4096));
  if (/^\s*\[\s*(?:\{|$|\])/.test(start)) return "json";
  if (LINES_NAME.test(name)) return "jsonl";
  if (/\.(csv|tsv)$/i.test(name)) return "csv";
  return /^\s*\{/.test(start) ? "jsonl" : "csv";
}

function headerProblems(table: RowTable): FileProblem[] {
  const { columns, problems } = table;
  if (columns.length === 0) return problems.count > 0 ? [] : [wholeFile("The file has no columns.")];
  if (columns.length > EVALUATION_FILE_LIMITS.columns) {
    return [wholeFile(`The file has more than ${EVALUATION_FILE_LIMITS.columns} columns.`)];
  }
  const found: FileProblem[] = [];
  const seen = new Set<string>();
  for (const [place, column] of columns.entries()) {
    const key = column.toLowerCase();
    if (column === "") {
      if (!table.isIndex(place) && !table.isBlank(place))
        found.push({ line: 1, column, message: "A column has no name." });
      continue;
    }
    if (!isPlainName(column))
      found.push({ line: 1, column, message: `The name of a column was not taken. ${UNSEEN_REFUSED}` });
    else if (seen.has(key)) found.push({ line: 1, column, message: `The column "${column}" occurs twice.` });
    seen.add(key);
  }
  return [...found, ...table.roleProblems().map((problem) => ({ line: 1, ...problem }))];
}

function readTable(
  format: TableFormat,
  table: RowTable,
  options: EvaluationFileOptions,
  tableNotices: readonly string[],
): EvaluationFile {
  const { problems } = table;
  if (table.count === 0) {
    if (problems.count === 0) problems.add(wholeFile("The file has a header and no rows."));
    return refused(problems.listed, problems.count);
  }
  const { rows, slices, reports, clustersFrom, computed, notices } = table.read();
  if (slices.length > MAX_SLICES) {
    const message = `The columns make ${slices.length} slices; at most ${MAX_SLICES} can be judged together.`;
    problems.add(wholeFile(message));
  }
  const classes = new Set(rows.map(({ label }) => label)).size;
  if (classes > MAX_CLASSES) {
    problems.add(
      wholeFile(`There are ${classes} different labels; a label must be one of at most 1,000 classes.`),
    );
  }
  if (problems.count > 0) return refused(problems.listed, problems.count);
  const asked = options.outputConditions ?? [];
  const judged = asked.filter((condition) => !isConfidenceLeak(rows, condition));
  const found = slices.map((slice) => ({ ...slice, ...markOf(options.found ?? "not_said") }));
  return {
    ok: true,
    format,
    rows,
    slices: withOutputSlices(found, judged),
    clustersFrom,
    columns: reports,
    computed,
    notices: [
      ...[...tableNotices, ...notices, ...absentCuts(reports, options.thresholds ?? [])],
      ...(judged.length < asked.length ? [CONFIDENCE_LEAK] : []),
    ],
  };
}

function markOf(found: HowFound): Pick<SliceDefinition, "discovered" | "knownBefore"> {
  return { discovered: found === "looked", ...(found === "known_before" ? { knownBefore: true } : {}) };
}

/** Columns that were to be cut at a number and are not there. */
function absentCuts(columns: readonly ColumnReport[], thresholds: readonly Threshold[]): string[] {
  const known = new Set(columns.map(({ name }) => name.toLowerCase()));
  return [...new Set(thresholds.map(({ column }) => column))]
    .filter((column) => !known.has(column.toLowerCase()))
    .map((column) => `There is no column "${column}" to cut.`);
}

function refused(problems: readonly FileProblem[], problemCount = problems.length): EvaluationFile {
  const inOrder = [...problems].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  return { ok: false, problems: inOrder.slice(0, MAX_LISTED_PROBLEMS), problemCount };
}
