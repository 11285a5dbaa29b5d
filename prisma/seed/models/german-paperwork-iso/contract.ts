import type { RunContract } from "@/lib/inference/run-contract";
import { runtimes } from "@/lib/inference/runtimes";

/** How bundle/model.gguf is run: a written form and a line end, continued by the likeliest characters. */
export const contract: RunContract = {
  version: 1,
  bundle: "gguf",
  task: "text-generation",
  entry: "model.gguf",
  input: { kind: "text", maxCharacters: 100 },
  output: { kind: "text" },
  maxTokens: null,
  prompt: {
    template: "{{input}}\n",
    stop: [],
    maxTokens: 24,
    temperature: "0",
    seed: 0,
    constraint: { kind: "none" },
  },
  zeroShot: null,
  examples: null,
  endpoint: null,
  rowsPerCall: 16,
  threads: 1,
  runtime: runtimes.gguf,
  tokenizer: runtimes.gguf,
  tolerance: { confidence: "0.01", flipsPerThousand: 5 },
};
