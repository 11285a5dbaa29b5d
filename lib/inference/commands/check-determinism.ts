import "server-only";
import type { RunInput } from "../model-input";
import { type RowAnswer, answeredBy } from "../row-answer";
import type { RunContract } from "../run-contract";
import { differ, settleContract } from "../settle-contract";
import { type Bundle, openModel } from "./open-model";
import type { RunPlace } from "./open-model";

export type CheckedRun = {
  /** What was found by running: the contract as it was, or one that says what differed. */
  contract: RunContract;
  /** By that contract. */
  answers: RowAnswer[];
  isolation: RunPlace;
  milliseconds: number;
};

/**
 * Runs rows by a contract, and once more in another process, one at a time and backwards; where that differs, a third time to
 * tell neighbours from chance. Throws what `openModel` and its `answer` throw.
 */
export async function checkDeterminism(
  bundle: Bundle,
  inputs: readonly RunInput[],
  seconds: number,
): Promise<CheckedRun> {
  const { contract } = bundle;
  const alone = { ...bundle, contract: { ...contract, rowsPerCall: 1 } };
  const stated = await runOnce(bundle, inputs, seconds);
  const backwards = await runOnce(alone, inputs.toReversed(), seconds);
  const [asStated, shuffled] = [
    textsOf(stated.answers, contract),
    textsOf(backwards.answers.toReversed(), contract),
  ];
  if (!differ(asStated, shuffled, contract)) return { contract, ...stated };
  const third = await runOnce(alone, inputs, seconds);
  const single = textsOf(third.answers, contract);
  return { contract: settleContract(contract, { asStated, shuffled, single }), ...third };
}

async function runOnce(bundle: Bundle, inputs: readonly RunInput[], seconds: number) {
  const model = await openModel(bundle);
  try {
    const { answers, computeMilliseconds } = await model.answer(inputs, seconds);
    return { answers, isolation: model.isolation, milliseconds: Math.round(computeMilliseconds) };
  } finally {
    model.close();
  }
}

function textsOf(answers: readonly RowAnswer[], contract: RunContract) {
  return answers.map((answer) => {
    const { prediction, confidence } = answeredBy(answer, contract);
    return confidence === undefined ? { prediction } : { prediction, confidence };
  });
}
