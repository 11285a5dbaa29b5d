import { classes, fileOf, sumOfWords, transformersBundle } from "./bundles.fixture";
import type { BundleFile } from "./commands/bundle-folder";
import type { Bundle } from "./commands/open-model";
import type { RunInput } from "./model-input";
import { type Graph, onnxBytes } from "./onnx.fixture";
import type { RunContract } from "./run-contract";
import { runtimes } from "./runtimes";

/** What becomes of a bundle: it answers, its runtime refuses it in a sentence, or it is ended by a limit. */
export type Outcome = "answered" | "refused" | "ended";

/** A bundle that wants more than to answer, what is asked of it, the seconds it is given and what becomes of it. */
export type Attack = {
  name: string;
  bundle: Bundle;
  rows: readonly RunInput[];
  seconds: number;
  outcome: Outcome;
};

export const text: RunInput = { kind: "text", text: "The film is good." };
const field: RunInput = { kind: "fields", values: { x: "1" } };

export function contractOf(bundle: RunContract["bundle"], said: Partial<RunContract>): RunContract {
  return {
    version: 1,
    bundle,
    task: "text-classification",
    entry: "model.bin",
    input: { kind: "text", maxCharacters: 10_000 },
    output: classes("a", "b"),
    ...{ maxTokens: null, prompt: null, zeroShot: null, examples: null, endpoint: null, tokenizer: null },
    rowsPerCall: 1,
    threads: 1,
    runtime: runtimes.onnx,
    tolerance: { confidence: "0.00001", flipsPerThousand: 0 },
    ...said,
  };
}

/** A plain graph of one number, with the files beside it. */
export function numberBundle(graph: Graph | Uint8Array, more: readonly BundleFile[] = []): Bundle {
  const bytes = graph instanceof Uint8Array ? graph : onnxBytes(graph);
  const contract = contractOf("onnx", {
    task: "tabular-regression",
    entry: "model.onnx",
    input: { kind: "fields", columns: [{ name: "x", type: "number", graphInput: "x", place: 0 }] },
    output: { kind: "number", graphOutput: "y", within: "0" },
  });
  return { files: [fileOf("model.onnx", bytes), ...more], contract, isForeign: true };
}

const x = { name: "x", type: "float", dimensions: ["rows", 1] } as const;
const y = { name: "y", type: "float", dimensions: ["rows", 1] } as const;
const oneNumber = {
  inputs: [{ ...x, dimensions: [...x.dimensions] }],
  outputs: [{ ...y, dimensions: [...y.dimensions] }],
};
const one = (name: string, value: number) => ({ name, dimensions: [1], values: [value] });

/** Answers the first number of a file that its weights are said to lie in. */
export function answersFrom(location: string, offset = "0"): Graph {
  return {
    ...oneNumber,
    nodes: [
      { operator: "Mul", inputs: ["x", "none"], outputs: ["nothing"] },
      { operator: "Add", inputs: ["nothing", "weight"], outputs: ["y"] },
    ],
    tensors: [one("none", 0), { ...one("weight", 0), outside: { location, offset, length: "4" } }],
  };
}

/** Goes round so often, and in each turn round as often again, so many loops deep. */
function loops(times: number, depth: number): Graph {
  return {
    ...oneNumber,
    nodes: [loopNode(depth, "x", "y")],
    tensors: [
      { name: "times", dimensions: [], values: [times], type: "int64" },
      { name: "always", dimensions: [], values: [1], type: "bool" },
    ],
  };
}

function loopNode(depth: number, from: string, to: string): Graph["nodes"][number] {
  const truth = (name: string) => ({ name: name + depth, type: "bool" as const, dimensions: [] });
  const number = (name: string) => ({ name: name + depth, type: "float" as const, dimensions: [1, 1] });
  const work =
    depth === 1
      ? { operator: "Identity", inputs: ["held1"], outputs: ["next1"] }
      : loopNode(depth - 1, `held${depth}`, `next${depth}`);
  const body: Graph = {
    inputs: [{ name: `turn${depth}`, type: "int64", dimensions: [] }, truth("on"), number("held")],
    outputs: [truth("still"), number("next")],
    nodes: [{ operator: "Identity", inputs: [`on${depth}`], outputs: [`still${depth}`] }, work],
    tensors: [],
  };
  return { operator: "Loop", inputs: ["times", "always", from], outputs: [to], attributes: { body } };
}

/** A tensor of so many numbers, made while it runs. */
function swollen(numbers: number): Graph {
  return {
    ...oneNumber,
    nodes: [
      { operator: "Expand", inputs: ["x", "size"], outputs: ["large"] },
      { operator: "Exp", inputs: ["large"], outputs: ["y"] },
    ],
    tensors: [{ name: "size", dimensions: [2], values: [1, numbers], type: "int64" }],
  };
}

function chain(length: number): Graph {
  const name = (at: number) => (at === 0 ? "x" : at === length ? "y" : `step${at}`);
  return {
    ...oneNumber,
    nodes: Array.from({ length }, (_, at) => ({
      operator: "Neg",
      inputs: [name(at)],
      outputs: [name(at + 1)],
    })),
    tensors: [],
  };
}

const onnx = (name: string, bundle: Bundle, seconds: number, outcome: Outcome): Attack => ({
  ...{ name: `onnx: ${name}`, bundle, rows: [field], seconds, outcome },
});

/** Harmless forms: everything they want is a number of a file of the test, or more time or memory than they are given. */
export function onnxAttacks({ canary, relative }: { canary: string; relative: string }): Attack[] {
  const beside = [fileOf("weights.bin", Buffer.alloc(16))];
  return [
    onnx("weights in a file above the bundle", numberBundle(answersFrom(relative)), 20, "refused"),
    onnx("weights at an absolute path", numberBundle(answersFrom(canary)), 20, "refused"),
    onnx(
      "weights past the end of their file",
      numberBundle(answersFrom("weights.bin", "1000000"), beside),
      20,
      "refused",
    ),
    onnx(
      "a page instead of a graph",
      numberBundle(Buffer.from("<!doctype html><p>Not found")),
      20,
      "refused",
    ),
    onnx("a tensor of 64 GB", numberBundle(swollen(2 ** 34)), 20, "refused"),
    onnx("an answer of five million numbers", numberBundle(swollen(5_000_000)), 20, "refused"),
    onnx("a loop of 2^52 turns", numberBundle(loops(2 ** 52, 1)), 3, "ended"),
    onnx("loops five deep of 1,000 turns", numberBundle(loops(1_000, 5)), 3, "ended"),
    onnx("a chain of 100,000 steps", numberBundle(chain(100_000)), 120, "answered"),
  ];
}

/** A Hugging Face layout that finds the good words. */
export const sentimentBundle = transformersBundle({
  task: "text-classification",
  onnx: sumOfWords(2, { good: [-2, 2], bad: [2, -2] }),
  config: { id2label: { 0: "negative", 1: "positive" } },
  output: classes("negative", "positive"),
});

/** A bundle that classifies rightly, with one of its files written otherwise. */
async function altered(path: string, change: (json: string) => string): Promise<Bundle> {
  const files = sentimentBundle.files.map(async (file) => {
    if (file.path !== path) return file;
    return fileOf(path, change(await readText(await file.open())));
  });
  return { ...sentimentBundle, files: await Promise.all(files) };
}

/** The same object with these members before its own. */
const withMembers = (members: string) => (json: string) => json.replace("{", `{${members},`);

const foreign = (name: string, bundle: Bundle, seconds: number, outcome: Outcome): Attack => ({
  ...{ name: `transformers: ${name}`, bundle, rows: [text], seconds, outcome },
});

/** The same for a Hugging Face layout: the graph, and every file that the library reads beside it. */
export async function transformersAttacks({
  relative,
  port,
}: {
  relative: string;
  port: number;
}): Promise<Attack[]> {
  const slow = {
    type: "Split",
    pattern: { Regex: "^(([a-z ])+.)+[A-Z]$" },
    behavior: "Isolated",
    invert: false,
  };
  const within = (json: string) => JSON.stringify({ ...JSON.parse(json), pre_tokenizer: slow });
  const remote = `"_name_or_path":"http://127.0.0.1:${port}/model"`;
  const polluted = '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}';
  const graph = fileOf("onnx/model.onnx", onnxBytes(answersFrom(relative)));
  const files = sentimentBundle.files.map((file) => (file.path === graph.path ? graph : file));
  const contract = { ...sentimentBundle.contract, task: "text-generation" as const };
  return [
    foreign("weights in a file above the bundle", { ...sentimentBundle, files }, 20, "refused"),
    foreign(
      "a config that names another machine",
      await altered("config.json", withMembers(remote)),
      20,
      "answered",
    ),
    foreign(
      "keys that stand for every object",
      await altered("config.json", withMembers(polluted)),
      20,
      "answered",
    ),
    foreign(
      "a config a million levels deep",
      await altered("config.json", () => "[".repeat(1_000_000)),
      20,
      "refused",
    ),
    foreign(
      "layers by the billion",
      await altered("config.json", withMembers('"num_hidden_layers":9e15')),
      20,
      "answered",
    ),
    foreign(
      "a chat template without an end",
      await altered(
        "tokenizer_config.json",
        withMembers('"chat_template":"{% for i in range(9e15) %}x{% endfor %}"'),
      ),
      ...([20, "answered"] as const),
    ),
    {
      ...foreign("a pattern that tries every way", await altered("tokenizer.json", within), 3, "ended"),
      rows: [{ kind: "text", text: "a".repeat(2_000) }],
    },
    foreign("another task than its own", { ...sentimentBundle, contract }, 20, "refused"),
  ];
}

/** A tokenizer of 30 MB, which takes seconds to make. */
export async function vocabularyAttack(): Promise<Attack> {
  return foreign("a vocabulary of 30 MB", await altered("tokenizer.json", wordy), 60, "answered");
}

/** A million words that nobody says. */
function wordy(json: string): string {
  const held = JSON.parse(json) as { model: { vocab: Record<string, number> } };
  for (let at = 0; at < 1_000_000; at += 1) held.model.vocab[`unheard-of-word-${at}`] = 1_000 + at;
  return JSON.stringify(held);
}

async function readText(source: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
