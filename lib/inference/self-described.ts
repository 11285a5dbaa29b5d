import type { OnnxSummary } from "@/lib/artifact/onnx-gate";
import { type ModelContract, PREPROCESSING_KEY } from "./model-contract";
import type { RunContract } from "./run-contract";
import { toleranceOf } from "./run-tolerance";
import { runtimes } from "./runtimes";

const ROWS_PER_CALL = 512;
/** Where nobody has measured how far two honest runs differ. */
const UNMEASURED = 0.1;

/** The contract of a network that says itself how its input is prepared and what its answers are called. */
export function selfDescribedContract(
  summary: OnnxSummary,
  { classes, preprocessing }: ModelContract,
  entry: string,
): RunContract {
  return {
    version: 1,
    bundle: "onnx",
    task: preprocessing.kind === "text-hash" ? "text-classification" : "tabular-classification",
    entry,
    input: {
      kind: "prepared",
      preprocessing: summary.metadata[PREPROCESSING_KEY] ?? "",
      graphInput: summary.inputs[0]?.name ?? "",
    },
    output: {
      kind: "class",
      labels: [...classes],
      scores: { form: "probabilities", graphOutput: summary.outputs[0]?.name ?? "" },
      labelOutput: null,
      threshold: null,
    },
    maxTokens: null,
    prompt: null,
    zeroShot: null,
    examples: null,
    endpoint: null,
    rowsPerCall: summary.facts.neighbours.length > 0 ? 1 : ROWS_PER_CALL,
    threads: 1,
    runtime: runtimes.onnx,
    tokenizer: null,
    tolerance: {
      confidence: (toleranceOf({ ...summary, ...summary.facts })?.confidence ?? UNMEASURED).toFixed(5),
      flipsPerThousand: 0,
    },
  };
}

/** The packages that bring a model: what each reads, and what answers. */
const packages = {
  "cld3-asm": {
    task: "text-classification",
    input: { kind: "text", maxCharacters: 100_000 },
    runtime: runtimes["cld3-asm"],
  },
  "@ricky0123/vad-web": {
    task: "audio-classification",
    input: { kind: "audio", samplesPerSecond: 16_000 },
    runtime: runtimes.onnx,
  },
} as const;
export type ModelPackage = keyof typeof packages;

/** The contract of a model that a package brings. */
export function packageContract(name: ModelPackage, labels: readonly string[]): RunContract {
  return {
    version: 1,
    bundle: "package",
    entry: name,
    ...packages[name],
    output: { kind: "class", labels: [...labels], scores: null, labelOutput: null, threshold: null },
    maxTokens: null,
    prompt: null,
    zeroShot: null,
    examples: null,
    endpoint: null,
    rowsPerCall: 1,
    threads: 1,
    tokenizer: null,
    tolerance: { confidence: "0.00001", flipsPerThousand: 0 },
  };
}
