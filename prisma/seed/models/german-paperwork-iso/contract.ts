import { runtimes } from "@/lib/inference/runtimes";
import { bundleContract } from "../bundle-contract";

/** How bundle/model.gguf is run: a written form and a line end, continued by the likeliest characters. */
export const contract = bundleContract({
  bundle: "gguf",
  task: "text-generation",
  entry: "model.gguf",
  input: { kind: "text", maxCharacters: 200 },
  output: { kind: "text" },
  prompt: {
    ...{ template: "{{input}}\n", stop: [], maxTokens: 24, temperature: "0", seed: 0 },
    constraint: { kind: "none" },
  },
  rowsPerCall: 16,
  runtime: runtimes.gguf,
  tokenizer: runtimes.gguf,
  tolerance: { confidence: "0.01", flipsPerThousand: 2 },
});
