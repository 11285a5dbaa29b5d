import type { Condition } from "@/lib/catalogue/condition";
import { comparedValue, conditionId } from "./condition";

/** What a row holds in the columns that conditions ask for, as values are compared (`comparedValue`). */
export type ColumnValues = { get: (column: string) => string | undefined };

/** One answered row of an evaluation. */
export type EvaluationRow = {
  label: string;
  prediction: string;
  confidence?: number;
  /** Rows with the same values may share one. */
  columns?: ColumnValues;
  /** Rows of one cluster (a document, a speaker, a site, near-copies) are not independent of each other. */
  cluster?: string;
};

/** A slice: its condition, and what is said of how it was found. */
export type SliceDefinition = {
  condition: Condition;
  /** What the seller calls it; its name here is made of the condition. */
  sellerName?: string;
  /** Chosen by whoever brings these rows, by looking at these same rows: pages say "exploratory". */
  discovered: boolean;
  /** The word of whoever brings these rows that the condition stood before anybody looked at them. */
  knownBefore?: boolean;
};

/** "column: value" on the input, or on a column that depends on the answer. */
export function columnSlice(
  column: string,
  is: string,
  on: "input" | "output_column" = "input",
): SliceDefinition {
  return { condition: { all: [{ on, column, is }] }, discovered: false };
}

/** Values by column in the form in which conditions compare them. */
export function columnValues(
  values: Iterable<readonly [column: string, value: string]>,
): Map<string, string> {
  return new Map([...values].map(([column, value]) => [column, comparedValue(value)]));
}

/** An answer the model gives, as a slice: "says X", or "says X at confidence ≥ t". */
export type OutputCondition = { prediction: string; minConfidence?: number };

export function outputCondition({ prediction, minConfidence }: OutputCondition): Condition {
  const bar =
    minConfidence === undefined ? [] : [{ on: "answer" as const, confidenceAtLeast: String(minConfidence) }];
  return { all: [{ on: "answer", says: [prediction] }, ...bar] };
}

/**
 * The slices with those over the model's own predictions. They were chosen by looking at these rows, so they are marked
 * as discovered. A slice that is there already is not made twice.
 */
export function withOutputSlices(
  slices: readonly SliceDefinition[],
  conditions: readonly OutputCondition[],
): SliceDefinition[] {
  const known = new Map(slices.map((slice) => [conditionId(slice.condition), slice]));
  for (const said of conditions) {
    const condition = outputCondition(said);
    const id = conditionId(condition);
    if (!known.has(id)) known.set(id, { condition, discovered: true });
  }
  return [...known.values()];
}
