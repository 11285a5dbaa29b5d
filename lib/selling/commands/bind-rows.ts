import "server-only";
import type { RowsFound, SaidAnswer } from "@/lib/formats/read-rows";
import type { Runnable, RunnableModel } from "./runnable-model";
import { statedMachine } from "@/lib/inference/commands/open-model";
import { type ModelRun, type Prediction, runBundle } from "@/lib/inference/commands/run-model";
import { type Answer, type Comparison, compareAnswers } from "@/lib/inference/compare-answers";
import { MARKS_PURPOSE, markInputs } from "@/lib/inference/input-marks";
import type { RunInput } from "@/lib/inference/model-input";
import { answerText } from "@/lib/inference/row-answer";
import { type RunContract, classesOf, contractDigest } from "@/lib/inference/run-contract";
import { toleranceOfContract } from "@/lib/inference/run-tolerance";
import { canonicalValue } from "@/lib/measurement/canonical-value";
import type { EvaluationSummary } from "@/lib/measurement/evaluation";
import { unknownClasses } from "@/lib/measurement/known-classes";
import { currentTime } from "@/lib/platform/clock";
import { derivedKey } from "@/lib/platform/master-key";
import type { Progress } from "@/lib/platform/reading";
import { Turns } from "@/lib/platform/turns";
import { DomainError } from "@/lib/shared/domain-error";
import { decimalText } from "@/lib/statements/decimal-text";
import type { Binding } from "@/lib/statements/kinds/binding";
import { writeRefusal } from "@/lib/shared/refusal-table";

/** What ties counted rows to files, and a mark of each input that was run. */
export type Bound = { binding: Binding; marks: Buffer<ArrayBuffer> | null };

/** By the clock, each of both runs of all rows. */
const RERUN_SECONDS = 60;
/** What becomes a reason instead of a refusal. */
const NO_RUN: ReadonlySet<string> = new Set(["model_run_failed", "isolation_missing"]);
const WAITING = 10;
const WAIT_SECONDS = 20;
const LISTED_CLASSES = 10;
const MAX_REASON_CHARACTERS = 300;

const holder = globalThis as { offcutRuns?: Turns<"runs"> };

/** One run at a time in this process, however often a bundle loads this file, and one of an account. */
function turns(): Turns<"runs"> {
  return (holder.offcutRuns ??= new Turns({ runs: WAITING }, WAIT_SECONDS));
}

/** Answers that nothing ties to files, and why. */
export function answersOnly(reason: string): Bound {
  return { binding: { kind: "answers_only", reason: reason.slice(0, MAX_REASON_CHARACTERS) }, marks: null };
}

/**
 * Ties the answers of a file of rows to the files that are said to have given them: where they can be run here and the rows
 * hold their inputs, they are run again, and have to come out the same. What cannot be run stays its speaker's word, with
 * the reason. Throws `unknown_classes` for labels and predictions that the model does not have, and `answers_differ` where
 * it answers otherwise, both with the difference. Not within a transaction.
 */
export async function bindRows(
  actor: { accountId: string },
  { counted, toRerun }: Extract<RowsFound, { counted: unknown }>,
  model: RunnableModel,
  onProgress: Progress = () => undefined,
): Promise<Bound> {
  if ("reason" in model) return answersOnly(model.reason);
  requireKnownClasses(counted.summary, model);
  if (!toRerun) return answersOnly("These rows hold no inputs that are read here.");
  if ("reason" in toRerun) return answersOnly(toRerun.reason);
  const { inputs, said } = toRerun;
  return turns().run("runs", actor.accountId, async () => rerun(model, inputs, said, onProgress));
}

/** Throws `unknown_classes` where a model of these classes cannot have been meant. */
export function requireKnownClasses(summary: EvaluationSummary, model: RunnableModel): void {
  const refusal = refusalOfClasses(summary, model);
  if (refusal !== null) throw new DomainError("unknown_classes", refusal);
}

/** The same in words, with a table of what the model does not answer; null where it may have been meant. */
export function refusalOfClasses(summary: EvaluationSummary, model: RunnableModel): string | null {
  if ("reason" in model) return null;
  const classes = classesOf(model.contract);
  if (classes.length === 0) return null;
  const unknown = unknownClasses(summary, classes);
  if (unknown.length === 0) return null;
  const names = unknown.length === 1 ? "1 name" : `${unknown.length} names`;
  const known = `${classes.slice(0, LISTED_CLASSES).join(", ")}${classes.length > LISTED_CLASSES ? ", …" : ""}`;
  return writeRefusal({
    sentence: `The rows hold ${names} that this model does not answer. It has ${classes.length} classes: ${known}.`,
    head: ["In the rows", "As label", "As prediction"],
    rows: unknown
      .slice(0, LISTED_CLASSES)
      .map(({ name, asLabel, asPrediction }) => [name, String(asLabel), String(asPrediction)]),
  });
}

async function rerun(
  model: Runnable,
  inputs: readonly RunInput[],
  said: readonly SaidAnswer[],
  onProgress: Progress,
): Promise<Bound> {
  const { contract } = model;
  const tolerance = toleranceOfContract(contract);
  const comparable = (answers: readonly Answer[]) =>
    answers.map(({ prediction, ...rest }) => ({
      ...rest,
      prediction: canonicalValue(answerText(prediction, contract)),
    }));
  let ran: ModelRun;
  let backwards: ModelRun;
  try {
    const options = {
      timeoutSeconds: RERUN_SECONDS,
      onProgress: (rows: number) => onProgress(rows, "rows run again"),
    };
    ran = await runBundle(model, inputs, options);
    backwards = await runBundle(model, inputs.toReversed(), options);
  } catch (error) {
    if (!(error instanceof DomainError) || !NO_RUN.has(error.code)) throw error;
    return answersOnly(`The run on these inputs did not end well here: ${error.message}`);
  }
  const found = comparable(ran.predictions.map(asAnswer));
  const again = comparable(backwards.predictions.toReversed().map(asAnswer));
  if (!agrees(compareAnswers(again, found, tolerance), found.length, contract))
    return answersOnly("The model answers a row otherwise beside other rows, so no answer can be compared.");
  const comparison = compareAnswers(comparable(said), found, tolerance);
  if (!agrees(comparison, found.length, contract)) throw differError(comparison, found.length);
  return {
    binding: {
      kind: "reran_here",
      file: model.sha256,
      ...(model.isForeign ? { contract: contractDigest(contract) } : {}),
      rows: found.length,
      flips: comparison.flips,
      flipsPerThousand: contract.tolerance.flipsPerThousand,
      tolerance: decimalText(tolerance.confidence),
      runtime: statedMachine(contract, ran),
      at: (await currentTime()).toISOString(),
    },
    marks: markInputs(inputs, derivedKey(MARKS_PURPOSE)),
  };
}

function asAnswer({ prediction, probability }: Prediction): Answer {
  return probability === undefined ? { prediction } : { prediction, confidence: probability };
}

/** Whether answers are those of the files: no confidence is off, and no more rows flip than the contract allows. */
function agrees({ differing, flips }: Comparison, rows: number, { tolerance }: RunContract): boolean {
  return differing === flips && flips * 1000 <= tolerance.flipsPerThousand * rows;
}

function differError({ differing, flips, first }: Comparison, rows: number): DomainError {
  const shown = ({ prediction, confidence }: Answer) =>
    `${prediction === "" ? "no answer" : prediction}${confidence === undefined ? "" : ` (${decimalText(confidence)})`}`;
  const those = differing === 1 ? "1 row" : `${differing.toLocaleString("en")} rows`;
  return new DomainError(
    "answers_differ",
    writeRefusal({
      sentence:
        `The file was not taken: run again on the inputs of these ${rows.toLocaleString("en")} rows, the files answer ` +
        `${those} otherwise, ${flips.toLocaleString("en")} by another class.`,
      head: ["Row", "Your file says", "The files answer"],
      rows: first.map(({ row, said, ran }) => [String(row), shown(said), shown(ran)]),
    }),
  );
}
