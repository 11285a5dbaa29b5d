import {
  EVALUATION_FILE_LIMITS,
  type FileProblem,
  UnreadableTable,
  readCsv,
  readJsonLines,
  wholeFile,
} from "./evaluation-table";
import { RowTable } from "./row-table";
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
  /** Told now and then how many rows were read. */
  onRows?: (count: number) => void;
};

export type EvaluationFile =
  | {
      ok: true;
      format: "csv" | "jsonl";
      rows: EvaluationRow[];
      slices: SliceDefinition[];
      /** What shows that rows belong together; empty where nothing does. */
      clustersFrom: ClusterSource[];
      columns: ColumnReport[];
      /** Sentences about what was read in a way the seller may not expect. */
      notices: string[];
    }
  | { ok: false; problems: FileProblem[]; problemCount: number };

/**
 * Reads an evaluation file (CSV or JSON Lines): `label`, `prediction`, optional `confidence` and `cluster`, and
 * one column for each slice. All or nothing: a file with a problem gives the first 20 problems by line and no
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
  const table = new RowTable(options.outputColumns ?? [], options.onRows);
  try {
    if (format === "csv") readCsv(bytes, table);
    else readJsonLines(bytes, table);
  } catch (error) {
    if (error instanceof UnreadableTable) return refused([error.problem]);
    throw error;
  }
  const problems = headerProblems(table);
  if (problems.length > 0 || table.columns.length === 0)
    return refused([...problems, ...table.problems.listed], problems.length + table.problems.count);
  return readTable(format, table, options);
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

function formatOf(name: string, bytes: Uint8Array): "csv" | "jsonl" {
  if (/\.(jsonl|ndjson)$/i.test(name)) return "jsonl";
  if (/\.csv$/i.test(name)) return "csv";
  return /^\s*\{/.test(new TextDecoder().decode(bytes.subarray(0, 4096))) ? "jsonl" : "csv";
}

function headerProblems({ columns, problems }: RowTable): FileProblem[] {
  if (columns.length === 0) return problems.count > 0 ? [] : [wholeFile("The file has no columns.")];
  if (columns.length > EVALUATION_FILE_LIMITS.columns) {
    return [wholeFile(`The file has more than ${EVALUATION_FILE_LIMITS.columns} columns.`)];
  }
  const found: FileProblem[] = [];
  const seen = new Set<string>();
  for (const column of columns) {
    const key = column.toLowerCase();
    if (column === "") found.push({ line: 1, column, message: "A column has no name." });
    else if (!isPlainName(column))
      found.push({ line: 1, column, message: `The name of a column was not taken. ${UNSEEN_REFUSED}` });
    else if (seen.has(key)) found.push({ line: 1, column, message: `The column "${column}" occurs twice.` });
    seen.add(key);
  }
  for (const needed of ["label", "prediction"]) {
    if (!seen.has(needed))
      found.push({ line: 1, column: needed, message: `The column "${needed}" is missing.` });
  }
  return found;
}

function readTable(format: "csv" | "jsonl", table: RowTable, options: EvaluationFileOptions): EvaluationFile {
  const { problems } = table;
  if (table.count === 0) {
    if (problems.count === 0) problems.add(wholeFile("The file has a header and no rows."));
    return refused(problems.listed, problems.count);
  }
  const { rows, slices, reports, clustersFrom } = table.read();
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
  return {
    ok: true,
    format,
    rows,
    slices: withOutputSlices(slices, judged),
    clustersFrom,
    columns: reports,
    notices: [...noticesOf(rows), ...(judged.length < asked.length ? [CONFIDENCE_LEAK] : [])],
  };
}

function noticesOf(rows: readonly EvaluationRow[]): string[] {
  const notices: string[] = [];
  const empty = rows.filter(({ prediction }) => prediction === "").length;
  if (empty > 0) notices.push(`${count(empty)} no prediction and counted as wrong.`);
  const byCase = rows.filter(
    ({ label, prediction }) => label !== prediction && label.toLowerCase() === prediction.toLowerCase(),
  ).length;
  if (byCase > 0)
    notices.push(
      `${count(byCase)} a prediction that differs from its label in capitals only; wrong as it stands.`,
    );
  return notices;
}

function count(rows: number): string {
  return rows === 1 ? "1 row has" : `${rows.toLocaleString("en")} rows have`;
}

function refused(problems: readonly FileProblem[], problemCount = problems.length): EvaluationFile {
  const inOrder = [...problems].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  return { ok: false, problems: inOrder.slice(0, MAX_LISTED_PROBLEMS), problemCount };
}
