import type { Readers } from "@/lib/platform/reading";

/** Every reader that works apart, by name, loaded only where it is asked for: see `reader-child.mjs`. */
export const readers: { [Name in keyof Readers]: () => Promise<Readers[Name]> } = {
  description: async () => (await import("@/lib/catalogue/marked-text")).readMarkedText,
  card: async () => (await import("@/lib/formats/card-to-draft")).draftOfCard,
  rows: async () => (await import("@/lib/formats/read-rows")).readRows,
  inputs: async () => (await import("@/lib/formats/read-rows")).readInputs,
  network: async () => (await import("@/lib/artifact/onnx-gate")).inspectOnnx,
  artifact: async () => (await import("@/lib/artifact/detect")).checkArtifact,
  contract: async () => (await import("@/lib/inference/draft-contract")).draftContract,
  bankStatement: async () => (await import("@/lib/ledger/bank/read-apart")).readStatementApart,
  foreign: async () => (await import("@/lib/formats/read-foreign-file")).readForeignFile,
};
