/** One answered row of an evaluation. Slice ids refer to the definitions that travel with the rows. */
export type EvaluationRow = {
  label: string;
  prediction: string;
  confidence?: number;
  /** Slices whose whole condition this row meets. */
  slices: readonly string[];
  /** Slices with `baseRows: "listed"` whose input condition this row meets, whatever the model answered. */
  inputConditions?: readonly string[];
  /** Rows of one cluster (a document, a speaker, a site) are not independent of each other. */
  cluster?: string;
};

/**
 * Which rows a slice's base rate is taken over: those meeting its condition on the input.
 *
 * `members`: the condition is on the input alone. `all_rows`: it is on the model's output alone, so every row
 * meets the (empty) input condition. `listed`: it is on both, and rows say so in `inputConditions`.
 */
export type BaseRows = "members" | "all_rows" | "listed";

export type SliceDefinition = {
  id: string;
  name: string;
  baseRows: BaseRows;
  /** Chosen by looking at these same rows: pages say "exploratory". */
  discovered: boolean;
};

/** A slice as a condition that can be checked without knowing the true label. */
export type SliceCondition<Input> = {
  id: string;
  name: string;
  onInput?: (input: Input) => boolean;
  onOutput?: (answer: { prediction: string; confidence?: number }) => boolean;
  discovered?: boolean;
};

/** A row as it comes out of a run, before it is known to which slices it belongs. */
export type PredictedRow<Input> = {
  input: Input;
  label: string;
  prediction: string;
  confidence?: number;
  cluster?: string;
};

/** Places every row in the slices whose conditions it meets, ready for `summariseEvaluation`. */
export function assignSlices<Input>(
  answered: readonly PredictedRow<Input>[],
  conditions: readonly SliceCondition<Input>[],
): { rows: EvaluationRow[]; slices: SliceDefinition[] } {
  const slices = conditions.map(({ id, name, onInput, onOutput, discovered }): SliceDefinition => {
    const baseRows = !onOutput ? "members" : onInput ? "listed" : "all_rows";
    return { id, name, baseRows, discovered: discovered ?? false };
  });
  const rows = answered.map(({ input, ...row }): EvaluationRow => {
    const meetsInput = conditions.filter((condition) => condition.onInput?.(input) ?? true);
    return {
      ...row,
      slices: meetsInput.filter((condition) => condition.onOutput?.(row) ?? true).map(({ id }) => id),
      inputConditions: meetsInput.filter(({ onInput, onOutput }) => onInput && onOutput).map(({ id }) => id),
    };
  });
  return { rows, slices };
}

/** Slices "says X": rows where the model gave this answer, at or above a confidence when one is named. */
export function outputSlice(prediction: string, minConfidence?: number): SliceCondition<unknown> {
  const atLeast = minConfidence === undefined ? "" : ` at confidence ≥ ${minConfidence}`;
  return {
    id: `says:${encodeURIComponent(prediction)}${minConfidence === undefined ? "" : `@${minConfidence}`}`,
    name: `says ${prediction}${atLeast}`,
    onOutput: (answer) =>
      answer.prediction === prediction &&
      (minConfidence === undefined || (answer.confidence ?? -Infinity) >= minConfidence),
  };
}

/** An answer the model gives, as a slice: "says X", or "says X at confidence ≥ t". */
export type OutputCondition = { prediction: string; minConfidence?: number };

/**
 * The same rows with slices over the model's own predictions. They were chosen by looking at these rows, so they are
 * marked as discovered. A slice that is there already is not made twice.
 */
export function addOutputSlices(
  rows: readonly EvaluationRow[],
  slices: readonly SliceDefinition[],
  conditions: readonly OutputCondition[],
): { rows: EvaluationRow[]; slices: SliceDefinition[] } {
  const known = new Set(slices.map(({ id }) => id));
  const added = new Map(
    conditions
      .map(({ prediction, minConfidence }) => outputSlice(prediction, minConfidence))
      .filter(({ id }) => !known.has(id))
      .map((condition) => [condition.id, condition]),
  );
  const said = [...added.values()];
  if (said.length === 0) return { rows: [...rows], slices: [...slices] };
  return {
    rows: rows.map((row) => {
      const met = said.filter(({ onOutput }) => onOutput?.(row)).map(({ id }) => id);
      return met.length === 0 ? row : { ...row, slices: [...row.slices, ...met] };
    }),
    slices: [
      ...slices,
      ...said.map(({ id, name }): SliceDefinition => {
        return { id, name, baseRows: "all_rows", discovered: true };
      }),
    ],
  };
}
