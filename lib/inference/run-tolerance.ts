import type { OnnxFacts } from "@/lib/artifact/onnx-facts";
import type { RunContract } from "./run-contract";

/** How far two honest runs of the same file on the same inputs may differ, by what it computes. */
export type RunTolerance = {
  /** On the probability of an answer. */
  confidence: number;
};

/** Arithmetic of 32-bit floats: on every machine tried, 5.7 · 10⁻⁶ at most and no answer flipped but on ties. */
const FLOATS = 1e-5;
/**
 * Sums of whole numbers of 8 bits: processors without VNNI cut off those of full-range weights, 0.1 at most where it was measured,
 * and a row may jump one step, 0.03 at most. The range of the weights is not read, so the wider one holds.
 */
const WHOLE = 0.1;
/** libsvm stops fitting the probabilities of a row there. */
const FITTED = 0.005;

/** What a graph computes: its operators, and where whole numbers of eight bits are in it. */
type Computed = { operators: readonly string[]; quantised: OnnxFacts["quantised"] };

/** The tolerance of the run contract; null where it was not measured, so that nothing is compared. */
export function toleranceOf({ operators, quantised }: Computed): RunTolerance | null {
  const contributed = operators.some((name) => name.startsWith("com.microsoft."));
  if (quantised === "dynamic" || quantised === "static") return { confidence: WHOLE };
  if (contributed) return null;
  return { confidence: operators.some((name) => /(^|\.)SVMClassifier$/.test(name)) ? FITTED : FLOATS };
}

/** What a contract allows. */
export function toleranceOfContract({ tolerance }: Pick<RunContract, "tolerance">): RunTolerance {
  return { confidence: Number(tolerance.confidence) };
}
