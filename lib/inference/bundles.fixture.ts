import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type { BundleFile } from "./commands/bundle-folder";
import type { Bundle } from "./commands/open-model";
import { type Graph, onnxBytes } from "./onnx.fixture";
import type { RunContract } from "./run-contract";
import { runtimes } from "./runtimes";

/** A file of a bundle, from its bytes. */
export function fileOf(path: string, bytes: string | Uint8Array): BundleFile {
  const content = Buffer.from(bytes);
  const sha256 = createHash("sha256").update(content).digest("hex");
  return { path, sha256, sizeBytes: content.length, open: async () => Readable.from([content]) };
}

/** The words that the little tokenizer knows, by their number. */
export const words =
  "[PAD] [UNK] [CLS] [SEP] good bad anna berlin lives in where does ? . the ##s film is about sport music".split(
    " ",
  );

const tokenizer = {
  version: "1.0",
  truncation: null,
  padding: null,
  added_tokens: words.slice(0, 4).map((content, id) => ({
    ...{ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true },
  })),
  normalizer: {
    type: "BertNormalizer",
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: null,
    lowercase: true,
  },
  pre_tokenizer: { type: "BertPreTokenizer" },
  post_processor: {
    type: "TemplateProcessing",
    single: [
      { SpecialToken: { id: "[CLS]", type_id: 0 } },
      { Sequence: { id: "A", type_id: 0 } },
      { SpecialToken: { id: "[SEP]", type_id: 0 } },
    ],
    pair: [
      { SpecialToken: { id: "[CLS]", type_id: 0 } },
      { Sequence: { id: "A", type_id: 0 } },
      { SpecialToken: { id: "[SEP]", type_id: 0 } },
      { Sequence: { id: "B", type_id: 1 } },
      { SpecialToken: { id: "[SEP]", type_id: 1 } },
    ],
    special_tokens: {
      "[CLS]": { id: "[CLS]", ids: [2], tokens: ["[CLS]"] },
      "[SEP]": { id: "[SEP]", ids: [3], tokens: ["[SEP]"] },
    },
  },
  decoder: { type: "WordPiece", prefix: "##", cleanup: true },
  model: {
    type: "WordPiece",
    unk_token: "[UNK]",
    continuing_subword_prefix: "##",
    max_input_chars_per_word: 100,
    vocab: Object.fromEntries(words.map((word, id) => [word, id])),
  },
};

const tokenizerConfig = {
  tokenizer_class: "BertTokenizer",
  model_max_length: 512,
  ...{ unk_token: "[UNK]", sep_token: "[SEP]", pad_token: "[PAD]", cls_token: "[CLS]" },
};

/** What every token is worth: a table of so many columns, in which named words have values and all others none. */
function table(columns: number, held: Record<string, readonly number[]>) {
  const values = words.flatMap((word) => held[word] ?? Array.from({ length: columns }, () => 0));
  return { name: "table", dimensions: [words.length, columns], values };
}

const read = [
  { name: "input_ids", type: "int64", dimensions: ["rows", "tokens"] },
  { name: "attention_mask", type: "int64", dimensions: ["rows", "tokens"] },
] as const satisfies Graph["inputs"];

const perToken = { operator: "Gather", inputs: ["table", "input_ids"], outputs: ["looked_up"] };

/** Adds what its tokens are worth: its answer can be told with a pencil. */
export function sumOfWords(columns: number, held: Record<string, readonly number[]>): Buffer {
  return onnxBytes({
    inputs: [...read],
    outputs: [{ name: "logits", type: "float", dimensions: ["rows", columns] }],
    nodes: [
      perToken,
      {
        operator: "ReduceSum",
        inputs: ["looked_up", "axes"],
        outputs: ["logits"],
        attributes: { keepdims: 0 },
      },
    ],
    tensors: [table(columns, held), { name: "axes", dimensions: [1], values: [1], type: "int64" }],
  });
}

/** Says what each token is worth. */
export function eachWord(
  columns: number,
  held: Record<string, readonly number[]>,
  output = "logits",
): Buffer {
  return onnxBytes({
    inputs: [...read],
    outputs: [{ name: output, type: "float", dimensions: ["rows", "tokens", columns] }],
    nodes: [{ ...perToken, outputs: [output] }],
    tensors: [table(columns, held)],
  });
}

/** Where an answer begins and ends, by what each token is worth as either. */
export function twoEnds(starts: Record<string, number>, ends: Record<string, number>): Buffer {
  const end = (name: string, held: Record<string, number>) => ({
    ...{ name, dimensions: [words.length], values: words.map((word) => held[word] ?? 0) },
  });
  return onnxBytes({
    inputs: [...read],
    outputs: ["start_logits", "end_logits"].map((name) => ({
      ...{ name, type: "float" as const, dimensions: ["rows", "tokens"] },
    })),
    nodes: [
      { operator: "Gather", inputs: ["starts", "input_ids"], outputs: ["start_logits"] },
      { operator: "Gather", inputs: ["ends", "input_ids"], outputs: ["end_logits"] },
    ],
    tensors: [end("starts", starts), end("ends", ends)],
  });
}

type Layout = {
  task: RunContract["task"];
  onnx: Buffer;
  config: Record<string, unknown>;
  output: RunContract["output"];
  contract?: Partial<RunContract>;
  more?: readonly BundleFile[];
};

/** A Hugging Face layout of one small model, with its contract. */
export function transformersBundle({ task, onnx, config, output, contract, more = [] }: Layout): Bundle {
  return {
    files: [
      fileOf(
        "config.json",
        JSON.stringify({ model_type: "bert", hidden_size: 4, num_hidden_layers: 1, ...config }),
      ),
      fileOf("tokenizer.json", JSON.stringify(tokenizer)),
      fileOf("tokenizer_config.json", JSON.stringify(tokenizerConfig)),
      fileOf("onnx/model.onnx", onnx),
      ...more,
    ],
    contract: {
      version: 1,
      bundle: "transformers",
      task,
      entry: "onnx/model.onnx",
      input: { kind: "text", maxCharacters: 10_000 },
      output,
      maxTokens: 512,
      ...{ prompt: null, zeroShot: null, examples: null, endpoint: null },
      rowsPerCall: 1,
      threads: 1,
      runtime: runtimes.transformers,
      tokenizer: { name: "@huggingface/tokenizers", version: "0.2.0" },
      tolerance: { confidence: "0.00001", flipsPerThousand: 0 },
      ...contract,
    },
    isForeign: true,
  };
}

/** The output of a model that names one of these classes. */
export function classes(...labels: string[]): Extract<RunContract["output"], { kind: "class" }> {
  return { kind: "class", labels, scores: null, labelOutput: null, threshold: null };
}
