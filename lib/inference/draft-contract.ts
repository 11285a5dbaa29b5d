import { draftGraph } from "./draft-graph";
import { draftLayout } from "./draft-layout";
import { type KnownFile, fasttextFacts, ggufFacts, graphFacts } from "./bundle-facts";
import { type Drafted, plainContract } from "./plain-contract";
import { runContractSchema } from "./run-contract";
import { runtimes } from "./runtimes";

const GENERATED_TOKENS = 256;
const MOST_CONTEXT_TOKENS = 8_192;
const DEFAULT_CONTEXT_TOKENS = 2_048;

/**
 * Recognises the bundle among a version's weights and drafts how it is run from the files themselves. What they do not
 * say (names of columns, labels, a prompt) gets a name that says so and is the seller's to write. Never throws on any text.
 */
export function draftContract(files: readonly KnownFile[]): Drafted {
  const drafted = drafts(files);
  if ("reason" in drafted) return drafted;
  const read = runContractSchema.safeParse(drafted.contract);
  return read.success
    ? { contract: read.data }
    : {
        reason:
          "What its files say of labels, columns or lengths is more than is run here, or makes no sense.",
      };
}

function drafts(files: readonly KnownFile[]): Drafted {
  const of = (format: string) => files.filter((file) => file.format === format);
  const [graphs, ggufs, fasttexts] = [of("onnx"), of("gguf"), of("fasttext")];
  const kinds = [graphs, ggufs, fasttexts].filter((found) => found.length > 0).length;
  if (kinds > 1) return { reason: "Files of several kinds are here, and nothing says which of them runs." };
  if (ggufs.length > 0) return draftGguf(ggufs);
  if (fasttexts.length > 0) return draftFasttext(fasttexts);
  if (graphs.length === 0) return { reason: reasonOfNone(files) };
  if (files.some(({ path }) => path === "config.json")) return draftLayout(files, graphs);
  const [graph] = graphs;
  if (!graph || graphs.length > 1)
    return { reason: "Several networks are here, and no config.json says how they belong together." };
  return draftGraph(graph.path, graphFacts(graph.facts));
}

function reasonOfNone(files: readonly KnownFile[]): string {
  if (files.length === 0) return "There are no weights here yet.";
  if (files.some(({ format }) => format === "safetensors"))
    return "Safetensors hold weights and no program that runs them. Export the model as ONNX, with its config.json and tokenizer, or as GGUF.";
  return "None of these files is a model that runs here: ONNX, with or without the files of a Hugging Face layout, GGUF, or fastText.";
}

function draftGguf([file, other]: readonly KnownFile[]): Drafted {
  if (!file || other) return { reason: "Several GGUF files are here: one model at a time is run." };
  const { contextLength = DEFAULT_CONTEXT_TOKENS } = ggufFacts(file.facts);
  const context = Math.min(contextLength, MOST_CONTEXT_TOKENS);
  const generated = Math.min(GENERATED_TOKENS, Math.max(1, Math.floor(context / 2)));
  return {
    contract: {
      ...plainContract,
      bundle: "gguf",
      task: "text-generation",
      entry: file.path,
      input: { kind: "text", maxCharacters: 10_000 },
      output: { kind: "text" },
      maxTokens: Math.max(1, context - generated),
      prompt: {
        template: "{{input}}",
        stop: [],
        maxTokens: generated,
        temperature: "0",
        seed: 0,
        constraint: { kind: "none" },
      },
      runtime: runtimes.gguf,
      tolerance: { confidence: "0.1", flipsPerThousand: 0 },
    },
  };
}

function draftFasttext([file, other]: readonly KnownFile[]): Drafted {
  if (!file || other) return { reason: "Several fastText files are here: one model at a time is run." };
  return {
    contract: {
      ...plainContract,
      bundle: "fasttext",
      task: "text-classification",
      entry: file.path,
      input: { kind: "text", maxCharacters: 10_000 },
      output: {
        kind: "class",
        labels: fasttextFacts(file.facts).labels,
        ...{ scores: null, labelOutput: null, threshold: null },
      },
      rowsPerCall: 512,
      runtime: runtimes.fasttext,
    },
  };
}

declare module "@/lib/platform/reading" {
  interface Readers {
    contract: (files: readonly KnownFile[]) => Drafted;
  }
}
