import { buffer } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { checkArtifact } from "@/lib/artifact/detect";
import { fasttextBytes } from "@/lib/artifact/fasttext.fixture";
import { type KnownFile, settingsFiles } from "./bundle-facts";
import { classes, fileOf, sumOfWords, transformersBundle } from "./bundles.fixture";
import type { BundleFile } from "./commands/bundle-folder";
import { openModel } from "./commands/open-model";
import { draftContract } from "./draft-contract";
import { onnxBytes } from "./onnx.fixture";
import type { RunInput } from "./model-input";
import type { RunContract } from "./run-contract";

async function known(files: readonly BundleFile[]): Promise<KnownFile[]> {
  return Promise.all(
    files.map(async ({ path, open }) => {
      const bytes = await buffer(await open());
      const read = async (offset: number, length: number) => bytes.subarray(offset, offset + length);
      const check = await checkArtifact(path, { sizeBytes: bytes.length, read });
      if (!check.ok) throw new Error(`${path}: ${check.reason}`);
      const isRead = settingsFiles.some((name) => name === path);
      return { path, format: check.format, facts: check.facts, text: isRead ? bytes.toString() : null };
    }),
  );
}

async function drafted(files: readonly BundleFile[]): Promise<RunContract> {
  const found = draftContract(await known(files));
  if ("reason" in found) throw new Error(found.reason);
  return found.contract;
}

async function answers(files: readonly BundleFile[], ...rows: RunInput[]) {
  const model = await openModel({ files, contract: await drafted(files), isForeign: true });
  try {
    return (await model.answer(rows, 60)).answers;
  } finally {
    model.close();
  }
}

const sentiments = transformersBundle({
  task: "text-classification",
  onnx: sumOfWords(2, { good: [-2, 2], bad: [2, -2] }),
  config: {
    id2label: { 0: "negative", 1: "positive" },
    architectures: ["BertForSequenceClassification"],
    max_position_embeddings: 128,
  },
  output: classes("negative", "positive"),
}).files;

/** Adds its two columns. */
const sum = onnxBytes({
  inputs: [{ name: "weight", type: "float", dimensions: ["rows", 2] }],
  outputs: [{ name: "total", type: "float", dimensions: ["rows", 1] }],
  nodes: [
    { operator: "ReduceSum", inputs: ["weight", "axes"], outputs: ["total"], attributes: { keepdims: 1 } },
  ],
  tensors: [{ name: "axes", dimensions: [1], values: [1], type: "int64" }],
});

describe("drafting how a bundle is run", () => {
  it("reads the task, labels and lengths of a Hugging Face layout from its own files, and it runs so", async () => {
    expect(await drafted(sentiments)).toMatchObject({
      ...{ bundle: "transformers", task: "text-classification", entry: "onnx/model.onnx", maxTokens: 128 },
      output: { kind: "class", labels: ["negative", "positive"] },
    });
    const [good] = await answers(sentiments, { kind: "text", text: "good film" });
    expect(good?.label).toBe("positive");
  });

  it("runs the same layout where the network lies beside its config, as an upload leaves it", async () => {
    const flat = sentiments.map((file) => ({ ...file, path: file.path.replace("onnx/", "") }));
    const [bad] = await answers(flat, { kind: "text", text: "bad" });
    expect(bad?.label).toBe("negative");
  });

  it("names the columns of a plain graph by its inputs, and it runs so", async () => {
    const files = [fileOf("sum.onnx", sum)];
    expect(await drafted(files)).toMatchObject({
      ...{ bundle: "onnx", task: "tabular-regression", entry: "sum.onnx" },
      input: {
        columns: [
          { name: "weight_1", type: "number", place: 0 },
          { name: "weight_2", place: 1 },
        ],
      },
    });
    const [answer] = await answers(files, { kind: "fields", values: { weight_1: "2", weight_2: "3.5" } });
    expect(answer).toEqual({ number: 5.5 });
  });

  it("takes the labels of a fastText model from its dictionary, and it runs so", async () => {
    const files = [fileOf("model.bin", fasttextBytes({ good: [3, 0], bad: [0, 3] }, ["yes", "no"]))];
    const [answer] = await answers(files, { kind: "text", text: "good" });
    expect(answer?.label).toBe("yes");
  });

  it("asks a generator with its text alone until its seller writes a prompt", () => {
    const facts = { contextLength: 1_024, hasChatTemplate: false };
    const found = draftContract([{ path: "m.gguf", format: "gguf", facts, text: null }]);
    expect(found).toMatchObject({
      contract: { bundle: "gguf", maxTokens: 768, prompt: { template: "{{input}}", temperature: "0" } },
    });
  });

  it("says why nothing runs, in a sentence, of nonsense in every settings file", async () => {
    const graphs = (await known(sentiments)).filter(({ format }) => format === "onnx");
    for (const text of [
      "",
      "{",
      "[]",
      "null",
      '"x"',
      '{"architectures":7}',
      '{"architectures":["NoSuchHead"]}',
    ]) {
      const config = { path: "config.json", format: "text", facts: {}, text };
      expect(draftContract([config, ...graphs])).toMatchObject({
        reason: expect.stringMatching(/^[A-Z].+\.$/),
      });
    }
    const labels = Object.fromEntries(Array.from({ length: 1_001 }, (_, at) => [at, `${at}`]));
    const many = { architectures: ["BertForSequenceClassification"], id2label: labels };
    const settings = (await known(sentiments)).filter(({ path }) => path === "tokenizer.json");
    const config = { path: "config.json", format: "text", facts: {}, text: JSON.stringify(many) };
    expect(draftContract([config, ...settings, ...graphs])).toHaveProperty("reason");
  });

  it("refuses half-precision inputs, pictures without their preparation, and several models, by name", () => {
    const graph = (inputTypes: string[]) => ({
      inputs: ["x"],
      inputTypes,
      outputs: ["y"],
      outputTypes: ["float32[?,1]"],
    });
    const reasonOf = (...facts: unknown[]) =>
      draftContract(facts.map((one, at) => ({ path: `${at}.onnx`, format: "onnx", facts: one, text: null })));
    expect(reasonOf(graph(["float16[?,4]"]))).toHaveProperty(
      "reason",
      expect.stringContaining("half precision"),
    );
    expect(reasonOf(graph(["float32[?,3,8,8]"]))).toHaveProperty(
      "reason",
      expect.stringContaining("4 dimensions"),
    );
    expect(reasonOf(graph(["float32[?,4]"]), graph(["float32[?,4]"]))).toHaveProperty("reason");
  });

  it("runs one row a call where one scale is taken over all rows", () => {
    const facts = {
      inputs: ["x"],
      inputTypes: ["float32[?,4]"],
      outputs: ["y"],
      outputTypes: ["float32[?,3]"],
    };
    const operators = ["DynamicQuantizeLinear", "MatMulInteger"];
    const seen = { neighbours: ["It takes one step for all rows of a call."], quantised: "dynamic" };
    const found = draftContract([
      { path: "m.onnx", format: "onnx", facts: { ...facts, ...seen, operators }, text: null },
    ]);
    expect(found).toMatchObject({ contract: { rowsPerCall: 1, tolerance: { confidence: "0.1" } } });
  });
});
