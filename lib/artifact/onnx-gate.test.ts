import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { InferenceSession } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { readModelContract } from "@/lib/inference/model-contract";
import { type OnnxRefusal, inspectOnnxBytes } from "./onnx-gate";
import {
  DTYPE,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  attribute,
  floats,
  listOfMaps,
  wholes,
  writeOnnxModel,
} from "./onnx-writer";

const modelsFolder = path.resolve("prisma/seed/models");
const modelFiles = readdirSync(modelsFolder)
  .map((name) => path.join(modelsFolder, name, "model.onnx"))
  .filter((file) => existsSync(file));

const node = (
  operator: string,
  inputs: string[],
  output = "y",
  attributes: OnnxNode["attributes"] = {},
): OnnxNode => ({
  operator,
  inputs,
  outputs: [output],
  attributes,
});
const ml = (
  operator: string,
  inputs: string[],
  outputs: string[],
  attributes: OnnxNode["attributes"],
): OnnxNode => ({
  operator,
  inputs,
  outputs,
  attributes,
  domain: "ai.onnx.ml",
});
const table = (name: string, type: (typeof DTYPE)[keyof typeof DTYPE] = DTYPE.float) => ({
  name,
  type,
  shape: ["rows", 2],
});
const weight = floats("w", [2, 2], [1, 2, 3, 4]);

function fileOf(graph: Partial<OnnxGraph> = {}, model: Partial<OnnxModel> = {}): Uint8Array {
  const whole = {
    name: "g",
    nodes: [node("MatMul", ["x", "w"])],
    weights: [weight],
    inputs: [table("x")],
    outputs: [table("y")],
    ...graph,
  };
  return writeOnnxModel({
    graph: whole,
    opsets: [{ version: 13 }, { domain: "ai.onnx.ml", version: 3 }],
    ...model,
  });
}
const good = fileOf();
const nodes = (...list: OnnxNode[]) => fileOf({ nodes: list });

async function summaryOf(file: Uint8Array, beside: Record<string, number> = {}) {
  const verdict = await inspectOnnxBytes(file, beside);
  if (!verdict.accepted) throw new Error(verdict.message);
  return verdict.summary;
}
async function codeOf(
  file: Uint8Array,
  beside: Record<string, number> = {},
): Promise<OnnxRefusal | "accepted"> {
  const verdict = await inspectOnnxBytes(file, beside);
  return verdict.accepted ? "accepted" : verdict.code;
}

describe("what may run", () => {
  it("the committed models pass, and their contracts fit their networks", async () => {
    expect(modelFiles.length).toBeGreaterThanOrEqual(7);
    for (const file of modelFiles) {
      expect(readModelContract(await summaryOf(readFileSync(file))), file).toMatchObject({ accepted: true });
    }
  });

  it("onnxruntime loads what passes, and finds the same inputs and outputs", async () => {
    for (const file of [good, ...modelFiles.map((name) => readFileSync(name))]) {
      const summary = await summaryOf(file);
      const session = await InferenceSession.create(file);
      expect(session.inputNames).toEqual(summary.inputs.map(({ name }) => name));
      expect(session.outputNames).toEqual(summary.outputs.map(({ name }) => name));
      await session.release();
    }
  });

  it("any standard operator passes, those of networks within operators among them", async () => {
    const branch: OnnxGraph = {
      name: "b",
      nodes: [node("Exp", ["x"], "b")],
      weights: [],
      inputs: [],
      outputs: [table("b")],
    };
    const both = { then_branch: attribute.graph(branch), else_branch: attribute.graph(branch) };
    const summary = await summaryOf(nodes(node("Einsum", ["x", "w"], "e"), node("If", ["c"], "y", both)));
    expect(summary).toMatchObject({ operators: ["Einsum", "Exp", "If"], nodeCount: 4, parameterCount: 4 });
  });

  it("says inputs and outputs as the file does", async () => {
    const file = fileOf({ inputs: [{ name: "x", type: DTYPE.int64, shape: ["rows", 3] }, table("w")] });
    expect(await summaryOf(file)).toMatchObject({
      inputs: [{ name: "x", type: "int64", shape: ["rows", 3] }],
      outputs: [{ name: "y", type: "float32", shape: ["rows", 2] }],
    });
  });
});

const outside = (location: string, offset = "0", length = "16") =>
  fileOf({ weights: [{ ...weight, outside: { location, offset, length } }] });

describe("weights in another file", () => {
  it("are read from a file of the bundle, and from nowhere else", async () => {
    const beside = { "model.onnx_data": 16 };
    expect(await summaryOf(outside("model.onnx_data"), beside)).toMatchObject({
      externalData: ["model.onnx_data"],
    });
    for (const file of [".env", "../model.onnx_data", "/etc/passwd", "toString", "./model.onnx_data"])
      expect(await codeOf(outside(file), beside), file).toBe("external_data");
  });

  it.each([
    ["1", "16"],
    ["0", "17"],
    ["-1", "16"],
    ["0", "many"],
  ])("at %s for %s bytes of 16 are refused where they do not lie in it", async (offset, length) => {
    expect(await codeOf(outside("data", offset, length), { data: 16 })).toBe("external_data");
  });

  it("are refused within networks of operators, and in attributes", async () => {
    const weights = [{ ...weight, outside: { location: ".env", offset: "0", length: "16" } }];
    const branch: OnnxGraph = { name: "b", nodes: [], weights, inputs: [], outputs: [] };
    expect(await codeOf(nodes(node("If", ["c"], "y", { then_branch: attribute.graph(branch) })))).toBe(
      "external_data",
    );
  });
});

const text = attribute.text;
const leaves = (ids: number[]) => ({
  class_ids: attribute.ints(ids),
  classlabels_int64s: attribute.ints([0, 1]),
  post_transform: text("NONE"),
});

it("takes a file that names an operator set which nothing in it uses, as exporters do", async () => {
  const opsets = [{ version: 13 }, { domain: "com.example", version: 1 }];
  expect(await inspectOnnxBytes(fileOf({}, { opsets }))).toMatchObject({ accepted: true });
});

describe("what is refused, and why", () => {
  const refused: [string, OnnxRefusal, Uint8Array][] = [
    ["an empty file", "malformed", Buffer.alloc(0)],
    ["a web page", "malformed", Buffer.from("<!doctype html><title>model</title>")],
    ["a network without operators", "malformed", fileOf({ nodes: [] })],
    ["a file without an operator set", "malformed", fileOf({}, { opsets: [] })],
    [
      "an operator of a stranger",
      "foreign_operators",
      nodes({ ...node("MatMul", ["x", "w"]), domain: "com.example" }),
    ],
    ["an old operator set", "opset_not_supported", fileOf({}, { opsets: [{ version: 6 }] })],
    ["a newer operator set", "opset_not_supported", fileOf({}, { opsets: [{ version: 27 }] })],
    [
      "a newer operator set of ai.onnx.ml",
      "opset_not_supported",
      fileOf({}, { opsets: [{ domain: "ai.onnx.ml", version: 6 }] }),
    ],
    ["a newer format", "opset_not_supported", fileOf({}, { irVersion: 14 })],
    [
      "fewer weights than the dimensions say",
      "size_mismatch",
      fileOf({ weights: [{ ...weight, shape: [2, 3] }] }),
    ],
    ["half precision as an input", "half_precision_input", fileOf({ inputs: [table("x", DTYPE.float16)] })],
    ["no output", "no_outputs", fileOf({ outputs: [] })],
    ["Dropout that can be set to training", "random", nodes(node("Dropout", ["x", "", "t"]))],
    [
      "texts in capitals by the machine’s language",
      "locale",
      nodes(node("StringNormalizer", ["x"], "y", { case_change_action: text("UPPER") })),
    ],
    [
      "unbounded floats as whole numbers",
      "unbounded_cast",
      nodes(node("MatMul", ["x", "w"], "m"), node("Cast", ["m"], "y", { to: attribute.int(DTYPE.int8) })),
    ],
    [
      "one weight a leaf for the second of two classes",
      "leaf_class",
      nodes(ml("TreeEnsembleClassifier", ["x"], ["l", "y"], leaves([1, 1]))),
    ],
  ];

  it.each(refused)("%s: %s", async (_, code, file) => {
    expect(await codeOf(file)).toBe(code);
  });

  it.each([
    "RandomNormal",
    "RandomNormalLike",
    "RandomUniform",
    "RandomUniformLike",
    "Multinomial",
    "Bernoulli",
  ])("%s answers by chance, also with a seed and within a network of an operator", async (operator) => {
    const chance = node(operator, ["x"], "y", { seed: attribute.int(1) });
    expect(await codeOf(nodes(chance))).toBe("random");
    const body: OnnxGraph = { name: "b", nodes: [chance], weights: [], inputs: [], outputs: [] };
    expect(await codeOf(nodes(node("Loop", ["x"], "y", { body: attribute.graph(body) })))).toBe("random");
  });

  it("what is bounded or plain passes where its like is refused", async () => {
    const to = { to: attribute.int(DTYPE.int64) };
    for (const file of [
      nodes(node("Dropout", ["x"])),
      nodes(
        node("StringNormalizer", ["x"], "y", { case_change_action: text("LOWER"), locale: text("C.UTF-8") }),
      ),
      nodes(node("Sigmoid", ["x"], "s"), node("Cast", ["s"], "y", to)),
      nodes(node("Shape", ["x"], "s"), node("Cast", ["s"], "y", to)),
      nodes(ml("TreeEnsembleClassifier", ["x"], ["l", "y"], leaves([0, 0]))),
    ])
      expect(await codeOf(file)).toBe("accepted");
  });

  it("a file cut off anywhere is refused", async () => {
    const whole = readFileSync(modelFiles[0] ?? "");
    for (let part = 0; part < 300; part += 1) {
      expect(await codeOf(whole.subarray(0, Math.floor((whole.length * part) / 300)))).not.toBe("accepted");
    }
    expect(await codeOf(whole.subarray(0, whole.length - 1))).not.toBe("accepted");
  });

  it("a file written twice in a row is refused", async () => {
    expect(await codeOf(Buffer.concat([good, good]))).toBe("malformed");
  });

  it("random bytes get an answer and never an exception", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 400 }),
        async (bytes) => (await codeOf(bytes)) !== "accepted",
      ),
    );
  });

  it("a file changed in any one byte gets an answer and never an exception", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.nat(255), async (at, byte) => {
        const changed = Buffer.from(good);
        changed[at] = byte;
        expect(typeof (await codeOf(changed))).toBe("string");
      }),
    );
  });
});

describe("what a run has to know", () => {
  const axis = (at: number) => ({ axis: attribute.int(at) });
  const neighbours = async (file: Uint8Array) => (await summaryOf(file)).facts.neighbours.length;

  it("rows depend on the rows beside them: Softmax off the last axis, steps of a call, weights as inputs, sums over rows", async () => {
    expect(await neighbours(good)).toBe(0);
    expect(await neighbours(nodes(node("Softmax", ["x"], "y", axis(1))))).toBe(0);
    expect(await neighbours(nodes(node("Softmax", ["x"], "y", axis(-1))))).toBe(0);
    expect(await neighbours(nodes(node("Softmax", ["x"], "y", axis(0))))).toBe(1);
    expect(await neighbours(nodes(node("DynamicQuantizeLinear", ["x"])))).toBe(1);
    expect(await neighbours(fileOf({ inputs: [table("x"), table("w")] }))).toBe(1);
    expect(await neighbours(fileOf({ inputs: [table("x"), table("w")] }, { irVersion: 3 }))).toBe(0);
    expect(await neighbours(nodes(node("ReduceMean", ["x"], "y", { axes: attribute.ints([0]) })))).toBe(1);
    expect(await neighbours(nodes(node("ReduceMean", ["x"], "y", { axes: attribute.ints([-1]) })))).toBe(0);
    const stated = fileOf({ nodes: [node("ReduceSum", ["x", "a"])], weights: [wholes("a", [1], [-1])] });
    expect(await neighbours(stated)).toBe(0);
  });

  it("a ZipMap at the end is cut off, and the table before it fetched", async () => {
    const file = fileOf({
      nodes: [
        ml("LinearClassifier", ["x"], ["label", "p"], {
          classlabels_strings: attribute.texts(["no", "yes"]),
        }),
        ml("ZipMap", ["p"], ["maps"], { classlabels_strings: attribute.texts(["no", "yes"]) }),
      ],
      outputs: [table("label", DTYPE.string), listOfMaps("maps")],
    });
    const summary = await summaryOf(file);
    expect(summary.outputs[1]).toEqual({ name: "maps", type: null, shape: null });
    expect(summary.facts.classifier).toEqual({
      labels: ["no", "yes"],
      labelOutput: "label",
      scoresOutput: "p",
      cutOutput: "maps",
    });
  });

  it("a label output that runtimes give wrongly is not named: trees of two classes", async () => {
    const trees = ml("TreeEnsembleClassifier", ["x"], ["l", "y"], leaves([0, 1]));
    const summary = await summaryOf(
      fileOf({ nodes: [trees], outputs: [table("l", DTYPE.int64), table("y")] }),
    );
    expect(summary.facts.classifier).toMatchObject({
      labels: ["0", "1"],
      labelOutput: null,
      scoresOutput: "y",
    });
  });
});

describe("what the gate cannot see", () => {
  it("one flipped bit in a weight passes the gate and is caught by the digest alone", async () => {
    const whole = readFileSync(modelFiles[0] ?? "");
    const flipped = Buffer.from(whole);
    const at = Math.floor(whole.length / 2);
    flipped[at] = (flipped[at] ?? 0) ^ 1;
    expect(await codeOf(flipped)).toBe("accepted");
    const digest = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
    expect(digest(flipped)).not.toBe(digest(whole));
  });
});
