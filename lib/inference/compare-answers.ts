import type { RunTolerance } from "./run-tolerance";

export type Answer = { prediction: string; confidence?: number };

/** A row whose answer is another than was said; rows are counted from 1. */
export type DifferingRow = { row: number; said: Answer; ran: Answer };

export type Comparison = {
  /** Rows that differ in any way. */
  differing: number;
  /** Of those, rows answered by another class. */
  flips: number;
  /** The first of them. */
  first: DifferingRow[];
};

const LISTED_ROWS = 10;

/** Holds what was said against what came out of a run of as many rows. A confidence that was not said, or that
 * the model does not give, is not compared. */
export function compareAnswers(
  said: readonly Answer[],
  ran: readonly Answer[],
  tolerance: RunTolerance,
): Comparison {
  if (said.length !== ran.length) throw new RangeError("A run answers every row.");
  const comparison: Comparison = { differing: 0, flips: 0, first: [] };
  for (const [index, found] of ran.entries()) {
    const claimed = said[index] ?? { prediction: "" };
    const isFlip = claimed.prediction !== found.prediction;
    // The confidences of two different answers are of different things.
    const isOff =
      !isFlip &&
      claimed.confidence !== undefined &&
      found.confidence !== undefined &&
      Math.abs(claimed.confidence - found.confidence) > tolerance.confidence;
    if (!isFlip && !isOff) continue;
    comparison.differing += 1;
    comparison.flips += isFlip ? 1 : 0;
    if (comparison.first.length < LISTED_ROWS)
      comparison.first.push({ row: index + 1, said: claimed, ran: found });
  }
  return comparison;
}
