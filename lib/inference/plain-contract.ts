import type { RunContract } from "./run-contract";

/** A contract as far as a bundle's own files say it, or why there is none, in a sentence. */
export type Drafted = { contract: RunContract } | { reason: string };

/** What a contract says where nothing else is known. */
export const plainContract = {
  version: 1,
  maxTokens: null,
  prompt: null,
  zeroShot: null,
  examples: null,
  endpoint: null,
  rowsPerCall: 1,
  threads: 1,
  tokenizer: null,
  tolerance: { confidence: "0.00001", flipsPerThousand: 0 },
} as const satisfies Partial<RunContract>;
