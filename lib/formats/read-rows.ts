import type { Condition } from "@/lib/catalogue/condition";
import type { NotMapped } from "@/lib/shared/cursor";
import { conditionId } from "@/lib/measurement/condition";
import { type ColumnReport, MAX_SLICES } from "@/lib/measurement/slice-columns";
import { digestRows } from "@/lib/measurement/canonical-rows";
import { type EvaluationSummary, summariseEvaluation } from "@/lib/measurement/evaluation";
import type { ModelContract } from "@/lib/inference/model-contract";
import { type HowFound, readEvaluationFile } from "@/lib/measurement/evaluation-file";
import { type FoundInputs, RowInputs } from "@/lib/measurement/row-inputs";
import type { Threshold } from "@/lib/measurement/threshold-columns";
import type { ClusterSource } from "@/lib/measurement/clusters";
import type { EvaluationRow, OutputCondition, SliceDefinition } from "@/lib/measurement/slice";
import { type ImportReport, rowsReport } from "./import-report";
import { isParquet, parquetLines } from "./parquet-lines";

/** More are not run again at once. */
export const MAX_RERUN_ROWS = 20_000;

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
  /** Conditions that another run examined: examined here too where the file has their columns. */
  listed?: readonly Condition[];
  /** What the model of the files reads and answers, where they can be run here. */
  contract?: ModelContract | null;
};

/** What somebody says that a model answered, by the place of its class; -1 for no answer. */
export type SaidAnswer = { answer: number; confidence?: number };

export type RowsFound =
  | {
      counted: CountedRows;
      report: Pick<ImportReport, "rows" | "offers">;
      /** What was read in a way its maker may not expect. */
      notices: string[];
      /** Columns no slice was made of. */
      notUsed: NotMapped[];
      /** Inputs and answers to be run again; null where no contract was given or the rows are too many. */
      toRerun: (FoundInputs & { said: SaidAnswer[] }) | null;
    }
  | { problems: string[]; problemCount: number };

/**
 * Reads and counts an evaluation file, CSV, JSON Lines or Parquet; the problems by line where it is refused, and then no
 * row is taken. A line of a Parquet file is a row.
 */
export async function readRows(
  { fileName, outputColumns, thresholds, found, conditions, listed = [], contract, ...counting }: RowsAsked,
  bytes: Uint8Array,
  onProgress?: (count: number, word: string) => void,
): Promise<RowsFound> {
  const inputs = contract ? new RowInputs(contract.preprocessing) : undefined;
  const unpacked = isParquet(bytes) ? await parquetLines(bytes) : null;
  if (unpacked && "problem" in unpacked) return { problems: [unpacked.problem], problemCount: 1 };
  const lines = unpacked && new TextEncoder().encode(unpacked.lines);
  const read = readEvaluationFile(lines ? `${fileName}.jsonl` : fileName, lines ?? bytes, {
    outputColumns,
    inputs,
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
    counted: countRows({ ...read, slices: withListed(read, listed) }, counting),
    report: rowsReport(read),
    notices: read.notices,
    notUsed: read.columns.flatMap(({ use, name, reason }) =>
      use === "not_used" ? [{ path: `column ${name}`, value: "", reason: reason ?? "" }] : [],
    ),
    toRerun: inputs && contract ? toRerun(read.rows, inputs, contract) : null,
  };
}

/** The slices of the file with those that another run examined, as far as its rows can be asked. */
function withListed(
  { slices, columns }: { slices: readonly SliceDefinition[]; columns: readonly ColumnReport[] },
  listed: readonly Condition[],
): SliceDefinition[] {
  const known = new Set(slices.map(({ condition }) => conditionId(condition)));
  const asked = new Set(columns.flatMap(({ name, slices: made }) => (made > 0 ? [name] : [])));
  const more = listed.filter(
    (condition) =>
      !known.has(conditionId(condition)) &&
      condition.all.every((test) => test.on === "answer" || asked.has(test.column)),
  );
  return [
    ...slices,
    ...more.slice(0, MAX_SLICES - slices.length).map((condition) => ({ condition, discovered: false })),
  ];
}

function toRerun(
  rows: readonly EvaluationRow[],
  inputs: RowInputs,
  { classes }: ModelContract,
): FoundInputs & { said: SaidAnswer[] } {
  if (rows.length > MAX_RERUN_ROWS) {
    const most = MAX_RERUN_ROWS.toLocaleString("en");
    return { reason: `More than ${most} rows are not run again here at once.`, said: [] };
  }
  const found = inputs.found(rows.length);
  if ("reason" in found) return { ...found, said: [] };
  const places = new Map(classes.map((name, place) => [name, place]));
  const said = rows.map(({ prediction, confidence }): SaidAnswer => {
    const answer = places.get(prediction) ?? -1;
    return confidence === undefined ? { answer } : { answer, confidence };
  });
  return { ...found, said };
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
