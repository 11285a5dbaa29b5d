import { type Answer, compareAnswers } from "./compare-answers";
import type { RunContract } from "./run-contract";
import { toleranceOfContract } from "./run-tolerance";

/** The same rows answered three times, each time by another process; in the order of the rows. */
export type Repeated = {
  /** As the contract says. */
  asStated: readonly Answer[];
  /** One row a call, in another order. */
  shuffled: readonly Answer[];
  /** One row a call, in order: asked for where the other two differ. */
  single?: readonly Answer[];
};

/** Whether two runs differ by more than the contract allows. */
export function differ(one: readonly Answer[], other: readonly Answer[], contract: RunContract): boolean {
  return compareAnswers(one, other, toleranceOfContract(contract)).differing > 0;
}

/**
 * The contract that was found by running: one row a call where an answer depends on the rows beside it, and a tolerance as
 * wide as what differed where two processes answer the same row otherwise.
 */
export function settleContract(contract: RunContract, { asStated, shuffled, single }: Repeated): RunContract {
  if (!single || !differ(asStated, shuffled, contract)) return contract;
  const alone = { ...contract, rowsPerCall: 1 };
  if (!differ(single, shuffled, contract)) return alone;
  const { flips } = compareAnswers(single, shuffled, toleranceOfContract(contract));
  const moved = single.map(({ prediction, confidence }, at) => {
    const other = shuffled[at];
    return other?.prediction === prediction ? Math.abs((confidence ?? 0) - (other.confidence ?? 0)) : 0;
  });
  const { tolerance } = contract;
  return {
    ...alone,
    tolerance: {
      confidence: roundedUp(Math.max(Number(tolerance.confidence), ...moved)),
      flipsPerThousand: Math.max(tolerance.flipsPerThousand, Math.ceil((1_000 * flips) / single.length)),
    },
  };
}

/** A decimal of five places, never below the number itself. */
function roundedUp(value: number): string {
  return (Math.ceil(value * 100_000 - 1e-6) / 100_000).toFixed(5);
}
