import type { OnnxSummary } from "@/lib/artifact/onnx-gate";
import type { RunContract } from "./run-contract";

/** How far two honest runs of the same file on the same inputs may differ, by what it computes. */
export type RunTolerance = {
  /** On the probability of an answer. */
  confidence: number;
};

/** Operators of dense networks in 32-bit floats: on every machine tried, 1.4 · 10⁻⁶ at most and no answer flipped. */
const dense: ReadonlySet<string> = new Set([
  "Gemm",
  "MatMul",
  "Add",
  "Relu",
  "LeakyRelu",
  "Sigmoid",
  "Tanh",
  "Softmax",
  "Flatten",
  "Identity",
]);

/** The tolerance of the run contract; null where an operator has none that was measured, so that nothing is compared. */
export function toleranceOf({ operators }: Pick<OnnxSummary, "operators">): RunTolerance | null {
  return operators.every((name) => dense.has(name)) ? { confidence: 1e-5 } : null;
}

/** What a contract allows. */
export function toleranceOfContract({ tolerance }: Pick<RunContract, "tolerance">): RunTolerance {
  return { confidence: Number(tolerance.confidence) };
}
