import type { Condition, ConditionTest } from "@/lib/measurement/condition";
import { upperTail } from "@/lib/measurement/clustered";
import { tallyRows } from "@/lib/measurement/tally";
import type { DemoEvaluation } from "./evaluate";
import { atConfidence } from "./listing-terms";

/** Confidences that a slice may be cut at. */
const thresholds = Array.from({ length: 10 }, (_, step) => String((50 + 5 * step) / 100));

/** The error of a verdict, 0.025, shared among at most five slices of a listing that are offered as working. */
const SUPPORTED = 0.005;

/** Whether the rows on which slices are chosen show this one to reach the level, by the exact test over clusters. */
export function isSupported(discovery: DemoEvaluation, condition: Condition, level: number): boolean {
  const [slice] = tallyRows(
    discovery.rows,
    [{ condition, discovered: true }],
    () => discovery.digestOfRows,
  ).slices;
  return slice !== undefined && upperTail(slice, level) <= SUPPORTED;
}

/** The lowest confidence at which rows that pass these tests are shown to reach the level; null when none is. */
export function lowestThreshold(
  discovery: DemoEvaluation,
  tests: readonly ConditionTest[],
  level: number,
): string | null {
  return (
    thresholds.find((at) => isSupported(discovery, { all: [...tests, atConfidence(at)] }, level)) ?? null
  );
}
