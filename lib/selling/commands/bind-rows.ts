import "server-only";
import type { RowsFound, SaidAnswer } from "@/lib/formats/read-rows";
import { type RunnableModel, openRunnableModel } from "./runnable-model";
import { runOnnxModel } from "@/lib/inference/commands/run-model";
import { runtimes } from "@/lib/inference/runtimes";
import { type Answer, type Comparison, compareAnswers } from "@/lib/inference/compare-answers";
import { MARKS_PURPOSE, markInputs } from "@/lib/inference/input-marks";
import { type PackedInput, unpackInput } from "@/lib/inference/packed-input";
import type { StoredFeatures } from "@/lib/inference/features";
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

type Runnable = Exclude<RunnableModel, { reason: string }>;

/** By the clock, both runs of all rows together. */
const RERUN_SECONDS = 30;
const ROWS_AT_ONCE = 5_000;
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
  const { classes } = model.contract;
  const unknown = unknownClasses(summary, classes);
  if (unknown.length === 0) return null;
  const names = unknown.length === 1 ? "1 name" : `${unknown.length} names`;
  const known = `${classes.slice(0, LISTED_CLASSES).join(", ")}${classes.length > LISTED_CLASSES ? ", …" : ""}`;
  return writeRefusal({
    sentence: `The rows hold ${names} that this model does not answer. Its file names ${classes.length} classes: ${known}.`,
    head: ["In the rows", "As label", "As prediction"],
    rows: unknown
      .slice(0, LISTED_CLASSES)
      .map(({ name, asLabel, asPrediction }) => [name, String(asLabel), String(asPrediction)]),
  });
}

async function rerun(
  model: Runnable,
  inputs: readonly PackedInput[],
  said: readonly SaidAnswer[],
  onProgress: Progress,
): Promise<Bound> {
  const { classes, preprocessing } = model.contract;
  const features = inputs.map((input) => unpackInput(input, preprocessing));
  let ran: Required<Answer>[];
  let backwards: Required<Answer>[];
  try {
    const until = performance.now() + RERUN_SECONDS * 1000;
    ran = await answersOf(model, features, until, onProgress);
    backwards = (await answersOf(model, features.toReversed(), until, onProgress)).toReversed();
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== "model_run_failed") throw error;
    return answersOnly(`The run on these inputs did not end well here: ${error.message}`);
  }
  if (compareAnswers(backwards, ran, model.tolerance).differing > 0)
    return answersOnly(
      "The network answers a row otherwise beside other rows, so no answer can be compared.",
    );
  const claimed = said.map(({ answer, ...rest }) => ({ prediction: classes[answer] ?? "", ...rest }));
  const comparison = compareAnswers(claimed, ran, model.tolerance);
  if (comparison.differing > 0) throw differError(comparison, ran.length);
  return {
    binding: {
      kind: "reran_here",
      file: model.sha256,
      rows: ran.length,
      flips: 0,
      tolerance: decimalText(model.tolerance.confidence),
      runtime: {
        ...runtimes.onnx,
        node: process.version,
        architecture: process.arch,
        threads: 1,
        rowsPerCall: 512,
      },
      at: (await currentTime()).toISOString(),
    },
    marks: markInputs(inputs, derivedKey(MARKS_PURPOSE)),
  };
}

async function answersOf(
  model: Runnable,
  features: readonly StoredFeatures[],
  until: number,
  onProgress: Progress,
): Promise<Required<Answer>[]> {
  const admitted = await openRunnableModel(model.storedFileId, model.sha256);
  const answers: Required<Answer>[] = [];
  for (let first = 0; first < features.length; first += ROWS_AT_ONCE) {
    const seconds = Math.max(1, (until - performance.now()) / 1000);
    const { predictions } = await runOnnxModel(
      admitted,
      features.slice(first, first + ROWS_AT_ONCE),
      seconds,
    );
    answers.push(
      ...predictions.map(({ prediction, probability }) => ({ prediction, confidence: probability })),
    );
    onProgress(answers.length, "rows run again");
  }
  return answers;
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
