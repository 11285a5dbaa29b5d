import { describe, expect, it } from "vitest";
import { classes, fileOf } from "../bundles.fixture";
import type { RunInput } from "../model-input";
import { type Graph, onnxBytes } from "../onnx.fixture";
import { plainContract } from "../plain-contract";
import type { RunContract } from "../run-contract";
import { runtimes } from "../runtimes";
import { checkDeterminism } from "./check-determinism";

const contract: RunContract = {
  ...plainContract,
  bundle: "onnx",
  task: "tabular-classification",
  entry: "m.onnx",
  input: {
    kind: "fields",
    columns: [0, 1].map((place) => ({ name: `x${place}`, type: "number", graphInput: "x", place })),
  },
  output: { ...classes("left", "right"), scores: { form: "probabilities", graphOutput: "p" } },
  rowsPerCall: 64,
  runtime: runtimes.onnx,
};

async function check(nodes: Graph["nodes"]) {
  const onnx = onnxBytes({
    inputs: [{ name: "x", type: "float", dimensions: ["rows", 2] }],
    outputs: [{ name: "p", type: "float", dimensions: ["rows", 2] }],
    nodes,
    tensors: [],
  });
  const rows = [0, 1, 2, 3, 4].map((at): RunInput => ({
    kind: "fields",
    values: { x0: String(at), x1: String(4 - at * at) },
  }));
  return checkDeterminism({ files: [fileOf("m.onnx", onnx)], contract, isForeign: true }, rows, 60);
}

const softmax = (axis: number) => ({
  operator: "Softmax",
  inputs: ["x"],
  outputs: ["p"],
  attributes: { axis },
});

describe("a contract held to two processes, another batch and another order", () => {
  it("stays as it is where the counts are the same", async () => {
    const checked = await check([softmax(1)]);
    expect(checked.contract).toEqual(contract);
    expect(checked.answers.map(({ label }) => label)).toEqual(["right", "right", "left", "left", "left"]);
  });

  it("runs one row a call where an answer depends on the rows beside it", async () => {
    const checked = await check([softmax(0)]);
    expect(checked.contract).toEqual({ ...contract, rowsPerCall: 1 });
  });

  it("says how far answers differ where two processes draw by chance", async () => {
    const drawn = { operator: "RandomUniformLike", inputs: ["x"], outputs: ["p"] };
    const { contract: found } = await check([drawn]);
    expect(found.rowsPerCall).toBe(1);
    expect(Number(found.tolerance.confidence) + found.tolerance.flipsPerThousand).toBeGreaterThan(0.00001);
  });
});
