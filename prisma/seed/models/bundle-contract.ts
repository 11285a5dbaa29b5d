import type { RunContract } from "@/lib/inference/run-contract";

type Said = Pick<RunContract, "bundle" | "task" | "entry" | "input" | "output" | "rowsPerCall" | "runtime"> &
  Partial<RunContract>;

/** A contract of what is said; of the rest, what has nothing to say, and the tolerance of nets in 32-bit floats. */
export function bundleContract(said: Said): RunContract {
  return {
    version: 1,
    maxTokens: null,
    prompt: null,
    zeroShot: null,
    examples: null,
    endpoint: null,
    threads: 1,
    tokenizer: null,
    tolerance: { confidence: "0.00001", flipsPerThousand: 0 },
    ...said,
  };
}
