import type { NotMapped } from "@/lib/shared/cursor";
import { digestRows } from "@/lib/measurement/canonical-rows";
import { type EvaluationSummary, summariseEvaluation } from "@/lib/measurement/evaluation";
import { type HowFound, readEvaluationFile } from "@/lib/measurement/evaluation-file";
import type { Threshold } from "@/lib/measurement/threshold-columns";
import type { ClusterSource } from "@/lib/measurement/clusters";
import type { EvaluationRow, OutputCondition, SliceDefinition } from "@/lib/measurement/slice";
import { type ImportReport, rowsReport } from "./import-report";
import { isParquet, parquetLines } from "./parquet-lines";

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

export type RowsAsked = Counting & {
  fileName: string;
  outputColumns: readonly string[];
  thresholds: readonly Threshold[];
  found: HowFound;
};

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

/**
 * Reads and counts an evaluation file, CSV, JSON Lines or Parquet; the problems by line where it is refused, and then no
 * row is taken. A line of a Parquet file is a row.
 */
export async function readRows(
  { fileName, outputColumns, thresholds, found, conditions, ...counting }: RowsAsked,
  bytes: Uint8Array,
  onProgress?: (count: number, word: string) => void,
): Promise<RowsFound> {
  const unpacked = isParquet(bytes) ? await parquetLines(bytes) : null;
  if (unpacked && "problem" in unpacked) return { problems: [unpacked.problem], problemCount: 1 };
  const lines = unpacked && new TextEncoder().encode(unpacked.lines);
  const read = readEvaluationFile(lines ? `${fileName}.jsonl` : fileName, lines ?? bytes, {
    outputColumns,
    outputConditions: conditions,
    thresholds,
    found,
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
