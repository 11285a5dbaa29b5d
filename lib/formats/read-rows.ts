import type { Condition } from "@/lib/catalogue/condition";
import type { NotMapped } from "@/lib/shared/cursor";
import { columnsOf, conditionId } from "@/lib/measurement/condition";
import { MAX_SLICES } from "@/lib/measurement/slice-columns";
import { digestRows } from "@/lib/measurement/canonical-rows";
import { type EvaluationSummary, summariseEvaluation } from "@/lib/measurement/evaluation";
import { type KeptAnswer, MAX_RUN_ROWS } from "@/lib/inference/evaluation-run";
import { gradedAnswer } from "@/lib/inference/row-answer";
import type { RunContract } from "@/lib/inference/run-contract";
import { type EvaluationFile, type HowFound, readEvaluationFile } from "@/lib/measurement/evaluation-file";
import { type FoundInputs, type MediaFiles, RowInputs } from "@/lib/measurement/row-inputs";
import type { MeasuredRows } from "@/lib/measurement/row-table";
import type { Threshold } from "@/lib/measurement/threshold-columns";
import type { ClusterSource } from "@/lib/measurement/clusters";
import type { EvaluationRow, OutputCondition, SliceDefinition } from "@/lib/measurement/slice";
import { type ImportReport, rowsReport } from "./import-report";
import { isMediaArchive, openMediaArchive } from "./media-archive";
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
  /** Conditions that another run examined: examined here too where the file has their columns. */
  listed?: readonly Condition[];
  /** What the model of the files reads and answers, where they can be run here. */
  contract?: RunContract | null;
  /** Given where the rows are answered here: their places that are left out, and the answers to the others in turn. */
  measured?: { leftOut: readonly number[]; answers: readonly KeptAnswer[] };
};

/** What somebody says that a model answered; empty for no answer. */
export type SaidAnswer = { prediction: string; confidence?: number };

export type RowsFound =
  | {
      counted: CountedRows;
      report: Pick<ImportReport, "rows" | "offers">;
      /** What was read in a way its maker may not expect. */
      notices: string[];
      /** Columns no slice was made of. */
      notUsed: NotMapped[];
      /** Inputs and answers to be run again; null where no contract was given. */
      toRerun: (FoundInputs & { said: SaidAnswer[] }) | null;
    }
  | { problems: string[]; problemCount: number };

export type InputsFound = FoundInputs | { problems: string[]; problemCount: number };

/**
 * Reads and counts an evaluation file, CSV, JSON Lines or Parquet, or a zip of one with the pictures or sounds it names; the
 * problems by line where it is refused, and then no row is taken. A line of a Parquet file is a row.
 */
export async function readRows(
  asked: RowsAsked,
  bytes: Uint8Array,
  onProgress?: (count: number, word: string) => void,
): Promise<RowsFound> {
  const { contract, listed = [], measured } = asked;
  const table = await openTable(asked, bytes);
  if ("problem" in table) return { problems: [table.problem], problemCount: 1 };
  const inputs = contract ? new RowInputs(contract.input, table.media) : undefined;
  const read = readEvaluationFile(table.name, table.bytes, {
    ...{ outputColumns: asked.outputColumns, thresholds: asked.thresholds, found: asked.found },
    outputConditions: asked.conditions,
    asked: new Set(listed.flatMap((condition) => columnsOf(condition))),
    ...{ inputs, measured: measured && contract ? measuredRows(measured, contract) : undefined },
    onRows: (count) => onProgress?.(count, "rows"),
  });
  if (!read.ok) return problemsOf(read);
  return {
    counted: countRows({ ...read, slices: withListed(read, listed) }, asked),
    report: rowsReport(read),
    notices: read.notices,
    notUsed: read.columns.flatMap(({ use, name, reason }) =>
      use === "not_used" ? [{ path: `column ${name}`, value: "", reason: reason ?? "" }] : [],
    ),
    toRerun: inputs && !measured ? toRerun(read.rows, inputs) : null,
  };
}

/** What the model reads of each row of a file that is to be answered here, those to be left out among them. */
export async function readInputs(asked: RowsAsked, bytes: Uint8Array): Promise<InputsFound> {
  const { contract } = asked;
  const table = await openTable(asked, bytes);
  if ("problem" in table) return { problems: [table.problem], problemCount: 1 };
  if (!contract) return { problems: ["Nothing says how the files are run."], problemCount: 1 };
  const inputs = new RowInputs(contract.input, table.media);
  const measured = measuredRows({ leftOut: [], answers: [] }, contract);
  const read = readEvaluationFile(table.name, table.bytes, { inputs, measured });
  return read.ok ? inputs.found() : problemsOf(read);
}

function problemsOf({ problems, problemCount }: Extract<EvaluationFile, { ok: false }>): {
  problems: string[];
  problemCount: number;
} {
  return {
    problems: problems.map(({ line, message }) => (line === null ? message : `Line ${line}: ${message}`)),
    problemCount,
  };
}

type Table = { name: string; bytes: Uint8Array; media?: MediaFiles };

async function openTable(
  { fileName, contract }: RowsAsked,
  bytes: Uint8Array,
): Promise<Table | { problem: string }> {
  const isMedia = contract?.input.kind === "image" || contract?.input.kind === "audio";
  if (isMedia && isMediaArchive(bytes)) return openMediaArchive(bytes);
  if (!isParquet(bytes)) return { name: fileName, bytes };
  const unpacked = await parquetLines(bytes);
  return "problem" in unpacked
    ? unpacked
    : { name: `${fileName}.jsonl`, bytes: new TextEncoder().encode(unpacked.lines) };
}

function measuredRows(
  { leftOut, answers }: NonNullable<RowsAsked["measured"]>,
  contract: RunContract,
): MeasuredRows {
  return {
    leftOut: new Set(leftOut),
    answerTo: (place, label) => {
      const { prediction = "", confidence } = answers[place] ?? {};
      const graded = gradedAnswer(prediction, label, contract);
      // A score that is no share is no confidence.
      return confidence === undefined || confidence < 0 || confidence > 1
        ? { prediction: graded }
        : { prediction: graded, confidence };
    },
  };
}

/** The slices of the file with those that another run examined, as far as its rows can be asked. */
function withListed(
  {
    slices,
    columns,
    computed,
  }: Pick<Extract<EvaluationFile, { ok: true }>, "slices" | "columns" | "computed">,
  listed: readonly Condition[],
): SliceDefinition[] {
  const known = new Set(slices.map(({ condition }) => conditionId(condition)));
  const made = columns.flatMap(({ name, slices: of }) => (of > 0 ? [name] : []));
  const asked = new Set([...made, ...computed]);
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

function toRerun(rows: readonly EvaluationRow[], inputs: RowInputs): FoundInputs & { said: SaidAnswer[] } {
  if (rows.length > MAX_RUN_ROWS) {
    const most = MAX_RUN_ROWS.toLocaleString("en");
    return { reason: `More than ${most} rows are not run again here at once.`, said: [] };
  }
  const found = inputs.found(rows.length);
  if ("reason" in found) return { ...found, said: [] };
  const said = rows.map(({ prediction, confidence }): SaidAnswer => {
    return confidence === undefined ? { prediction } : { prediction, confidence };
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
