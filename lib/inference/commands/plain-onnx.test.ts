import { describe, expect, it } from "vitest";
import { DTYPE, type OnnxNode, attribute, listOfMaps, writeOnnxModel } from "@/lib/artifact/onnx-writer";
import { checkOnnx } from "@/lib/artifact/onnx";
import { fileOf } from "../bundles.fixture";
import { draftContract } from "../draft-contract";
import type { RunInput } from "../model-input";
import type { RowAnswer } from "../row-answer";
import type { RunContract } from "../run-contract";
import { openModel } from "./open-model";

const ML = "ai.onnx.ml";
const labels = ["0", "1"];
const head: OnnxNode = {
  ...{ operator: "LinearClassifier", domain: ML, inputs: ["x"], outputs: ["label", "p"] },
  attributes: {
    classlabels_ints: attribute.ints([0, 1]),
    coefficients: attribute.floats([-1, 0, 1, 0]),
    intercepts: attribute.floats([0, 0]),
    post_transform: attribute.text("SOFTMAX"),
    multi_class: attribute.int(0),
  },
};
const zipMap: OnnxNode = {
  ...{ operator: "ZipMap", domain: ML, inputs: ["p"], outputs: ["maps"] },
  attributes: { classlabels_int64s: attribute.ints([0, 1]) },
};
const said = { name: "label", type: DTYPE.int64, shape: ["rows"] } as const;

function fileWith(
  nodes: readonly OnnxNode[],
  outputs: Parameters<typeof writeOnnxModel>[0]["graph"]["outputs"],
) {
  return writeOnnxModel({
    graph: {
      ...{ name: "head", nodes, outputs, weights: [] },
      inputs: [{ name: "x", type: DTYPE.float, shape: ["rows", 2] }],
    },
    opsets: [{ version: 15 }, { domain: ML, version: 3 }],
  });
}

/** Drafted from the file alone, as for a seller. */
async function drafted(bytes: Uint8Array): Promise<RunContract> {
  const read = async (offset: number, length: number) => bytes.subarray(offset, offset + length);
  const check = await checkOnnx({ sizeBytes: bytes.length, read });
  const found = draftContract([{ path: "model.onnx", format: "onnx", facts: check.facts, text: null }]);
  if ("reason" in found) throw new Error(found.reason);
  return found.contract;
}

async function answersOf(bytes: Uint8Array, contract: RunContract, rows: RunInput[]): Promise<RowAnswer[]> {
  const model = await openModel({ files: [fileOf("model.onnx", bytes)], contract, isForeign: true });
  try {
    return (await model.answer(rows, 30)).answers;
  } finally {
    model.close();
  }
}

const row = (one: string, two = "0"): RunInput => ({ kind: "fields", values: { x_1: one, x_2: two } });
const share = (x: number) => 1 / (1 + Math.exp(-2 * x));

describe("a plain ONNX file as converters write it", () => {
  it("gives its scores although it ends in a list of maps, which no runtime here hands out", async () => {
    const bytes = fileWith([head, zipMap], [said, listOfMaps("maps")]);
    const contract = await drafted(bytes);
    expect(contract.output).toMatchObject({ labels, scores: { graphOutput: "p" }, labelOutput: "label" });
    const [yes, no] = await answersOf(bytes, contract, [row("2"), row("-1")]);
    expect(yes).toMatchObject({ label: "1", score: expect.closeTo(share(2), 5) });
    expect(no).toMatchObject({ label: "0", score: expect.closeTo(share(1), 5) });
  });

  it("refuses a row that holds no number, by itself, before the run", async () => {
    const bytes = fileWith([head], [said, { name: "p", type: DTYPE.float, shape: ["rows", 2] }]);
    const answers = await answersOf(bytes, await drafted(bytes), [
      row("NaN"),
      row("1"),
      row("Infinity"),
      row(""),
    ]);
    expect(answers.map(({ label, refused }) => label ?? refused)).toEqual([
      "The field x_1 holds no number.",
      "1",
      "The field x_1 holds no number.",
      "The field x_1 holds no number.",
    ]);
  });

  it("gives no answer to a row where its label contradicts its own scores", async () => {
    const turned = { ...head, outputs: ["label", "q"] };
    const flip: OnnxNode = { operator: "Neg", inputs: ["q"], outputs: ["p"] };
    const bytes = fileWith([turned, flip], [said, { name: "p", type: DTYPE.float, shape: ["rows", 2] }]);
    const contract = await drafted(
      fileWith([head], [said, { name: "p", type: DTYPE.float, shape: ["rows", 2] }]),
    );
    expect(await answersOf(bytes, contract, [row("2")])).toEqual([
      { refused: "Its label output contradicts its own scores." },
    ]);
  });
});
