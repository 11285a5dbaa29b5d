import type { NotMapped } from "@/lib/shared/cursor";
import { digestRows } from "@/lib/measurement/canonical-rows";
import { type EvaluationSummary, summariseEvaluation } from "@/lib/measurement/evaluation";
import { readEvaluationFile } from "@/lib/measurement/evaluation-file";
import type { ClusterSource } from "@/lib/measurement/clusters";
import type { EvaluationRow, OutputCondition, SliceDefinition } from "@/lib/measurement/slice";
import { type ImportReport, rowsReport } from "./import-report";

/** How rows are to be counted, whatever file they are in. */
export type Counting = {
  level: number;
  /** 256 bits in hex, for the digest that names the rows. */
  salt: string;
  /** Predictions to judge as slices of their own. */
  conditions: readonly OutputCondition[];
};

/** What is kept of rows that were counted, beside the rows themselves. */
export type CountedRows = { summary: EvaluationSummary; rowsDigest: string; rowsSalt: string };

export type RowsAsked = Counting & { fileName: string; outputColumns: readonly string[] };

export type RowsFound =
  | {
      counted: CountedRows;
      report: Pick<ImportReport, "rows" | "offers">;
      /** What was read in a way its maker may not expect. */
      notices: string[];
      /** Columns no slice was made of. */
      notUsed: NotMapped[];
    }
  | { problems: string[]; problemCount: number };

/** Reads and counts an evaluation file; the problems by line where it is refused, and then no row is taken. */
export function readRows(
  { fileName, outputColumns, conditions, ...counting }: RowsAsked,
  bytes: Uint8Array,
  onProgress?: (count: number, word: string) => void,
): RowsFound {
  const read = readEvaluationFile(fileName, bytes, {
    outputColumns,
    outputConditions: conditions,
    onRows: (count) => onProgress?.(count, "rows"),
  });
  if (!read.ok) {
    const { problems, problemCount } = read;
    return {
      problems: problems.map(({ line, message }) => (line === null ? message : `Line ${line}: ${message}`)),
      problemCount,
    };
  }
  return {
    counted: countRows(read, counting),
    report: rowsReport(read),
    notices: read.notices,
    notUsed: read.columns.flatMap(({ use, name, reason }) =>
      use === "not_used" ? [{ path: `column ${name}`, value: "", reason: reason ?? "" }] : [],
    ),
  };
}

type SlicedRows = {
  rows: readonly EvaluationRow[];
  slices: readonly SliceDefinition[];
  clustersFrom: readonly ClusterSource[];
};

/** Counts rows anew and names them by a salted digest. */
export function countRows(
  { rows, slices, clustersFrom }: SlicedRows,
  { level, salt }: Pick<Counting, "level" | "salt">,
): CountedRows {
  const rowsDigest = digestRows(rows, slices, salt);
  return {
    summary: summariseEvaluation(rows, slices, level, { seed: rowsDigest, clustersFrom }),
    rowsDigest,
    rowsSalt: salt,
  };
}
