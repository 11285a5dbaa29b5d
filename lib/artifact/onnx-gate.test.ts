import { createHash } from "node:crypto";
import { readdirSync, readFileSync, existsSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { InferenceSession } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { readModelContract } from "@/lib/inference/model-contract";
import { inspectOnnx, type OnnxRefusal } from "./onnx-gate";

const modelsFolder = path.resolve("prisma/seed/models");
const modelFiles = readdirSync(modelsFolder)
  .map((name) => path.join(modelsFolder, name, "model.onnx"))
  .filter((file) => existsSync(file));

/** Just enough of a protobuf writer to make files a trainer would never make. */
const tag = (field: number, wireType: number) =>
  field < 16 ? [field * 8 + wireType] : [((field * 8 + wireType) & 127) | 128, field >> 4];
const number = (field: number, value: number) => Buffer.from([...tag(field, 0), value]);
const message = (field: number, ...parts: Buffer[]) => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([...tag(field, 2), (body.length & 127) | 128, body.length >> 7]), body]);
};
const text = (field: number, value: string) => message(field, Buffer.from(value));

const columns = (count: number) => message(2, message(1, text(2, "rows")), message(1, number(1, count)));
const value = (field: number, name: string, count = 2) =>
  message(field, text(1, name), message(2, message(1, number(1, 1), columns(count))));
const weights = (...extra: Buffer[]) =>
  message(5, number(1, 2), number(1, 2), number(2, 1), text(8, "w"), ...extra);
const rawWeights = weights(message(9, Buffer.alloc(16)));
const matMul = (...extra: Buffer[]) =>
  message(1, text(1, "x"), text(1, "w"), text(2, "y"), text(4, "MatMul"), ...extra);
const graphOf = (...parts: Buffer[]) => message(7, ...parts, value(11, "x"), value(12, "y"));
const opset = (domain = "") => message(8, ...(domain ? [text(1, domain)] : []), number(2, 13));
const modelOf = (...parts: Buffer[]) => Buffer.concat([number(1, 8), ...parts]);
const good = modelOf(graphOf(matMul(), rawWeights), opset());

const codeOf = (file: Uint8Array): OnnxRefusal | "accepted" => {
  const verdict = inspectOnnx(file);
  return verdict.accepted ? "accepted" : verdict.code;
};

describe("what may run", () => {
  it("the committed models pass, and their contracts fit their networks", () => {
    expect(modelFiles.length).toBeGreaterThanOrEqual(7);
    for (const file of modelFiles) {
      const verdict = inspectOnnx(readFileSync(file));
      if (!verdict.accepted) throw new Error(`${file}: ${verdict.message}`);
      expect(readModelContract(verdict.summary)).toMatchObject({ accepted: true });
    }
  });

  it("a plain network of allowed operators passes", () => {
    expect(codeOf(good)).toBe("accepted");
  });

  it("onnxruntime loads what passes, and finds the same input and output", async () => {
    for (const file of [good, ...modelFiles.map((name) => readFileSync(name))]) {
      const verdict = inspectOnnx(file);
      if (!verdict.accepted) throw new Error(verdict.message);
      const session = await InferenceSession.create(file);
      expect(session.inputNames).toEqual([verdict.summary.input.name]);
      expect(session.outputNames).toEqual([verdict.summary.output.name]);
      await session.release();
    }
  });
});

describe("what is refused, and why", () => {
  const external = message(13, text(1, "location"), text(2, ".env"));
  const refused: [string, OnnxRefusal, Buffer][] = [
    ["an empty file", "not_onnx", Buffer.alloc(0)],
    ["a web page", "not_onnx", Buffer.from("<!doctype html><title>model</title>")],
    ["a file without a network", "not_onnx", modelOf(opset())],
    [
      "two networks in one file",
      "repeated_field",
      modelOf(graphOf(matMul(), rawWeights), graphOf(matMul(), rawWeights), opset()),
    ],
    [
      "weights in another file",
      "external_data",
      modelOf(graphOf(matMul(), weights(external, number(14, 1))), opset()),
    ],
    [
      "a place for weights outside without the mark",
      "external_data",
      modelOf(graphOf(matMul(), weights(external, message(9, Buffer.alloc(16)))), opset()),
    ],
    [
      "the mark for weights outside without a place",
      "external_data",
      modelOf(graphOf(matMul(), weights(number(14, 1))), opset()),
    ],
    [
      "an operator off the list",
      "operator_not_allowed",
      modelOf(graphOf(message(1, text(2, "y"), text(4, "Range")), rawWeights), opset()),
    ],
    [
      "a loop",
      "subgraph",
      modelOf(
        graphOf(
          message(1, text(2, "y"), text(4, "Loop"), message(5, text(1, "body"), message(6))),
          rawWeights,
        ),
        opset(),
      ),
    ],
    [
      "an allowed operator that carries a network",
      "subgraph",
      modelOf(graphOf(matMul(message(5, text(1, "body"), message(11))), rawWeights), opset()),
    ],
    [
      "an operator of a foreign domain",
      "custom_domain",
      modelOf(graphOf(matMul(text(7, "com.example")), rawWeights), opset()),
    ],
    [
      "an operator set of a foreign domain",
      "custom_domain",
      modelOf(graphOf(matMul(), rawWeights), opset(), opset("com.example")),
    ],
    ["a file without an operator set", "opset_not_supported", modelOf(graphOf(matMul(), rawWeights))],
    [
      "functions defined in the file",
      "unexpected_field",
      modelOf(graphOf(matMul(), rawWeights), opset(), message(25, text(1, "f"))),
    ],
    ["sparse weights", "unexpected_field", modelOf(graphOf(matMul(), rawWeights, message(15)), opset())],
    [
      "weights of text",
      "tensor_not_supported",
      modelOf(graphOf(matMul(), message(5, number(1, 1), number(2, 8), text(8, "w"))), opset()),
    ],
    [
      "fewer weights than the dimensions say",
      "tensor_size_mismatch",
      modelOf(graphOf(matMul(), weights(message(9, Buffer.alloc(12)))), opset()),
    ],
    ["two inputs", "shape_not_supported", modelOf(graphOf(matMul(), rawWeights, value(11, "z")), opset())],
    [
      "an output without a fixed width",
      "shape_not_supported",
      modelOf(message(7, matMul(), rawWeights, value(11, "x"), value(12, "y", 0)), opset()),
    ],
  ];

  it.each(refused)("%s: %s", (_, code, file) => {
    expect(codeOf(file)).toBe(code);
  });

  it("a file cut off anywhere is refused", () => {
    const whole = readFileSync(modelFiles[0] ?? "");
    for (let length = 0; length < 300; length += 1) {
      expect(codeOf(whole.subarray(0, Math.floor((whole.length * length) / 300)))).not.toBe("accepted");
    }
    expect(codeOf(whole.subarray(0, whole.length - 1))).not.toBe("accepted");
  });

  it("a file written twice in a row is refused", () => {
    expect(codeOf(Buffer.concat([good, good]))).toBe("repeated_field");
  });

  it("random bytes get an answer and never an exception", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => codeOf(bytes) !== "accepted"));
  });

  it("a file changed in any one byte gets an answer and never an exception", () => {
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), (at, byte) => {
        const changed = Buffer.from(good);
        changed[at] = byte;
        expect(() => inspectOnnx(changed)).not.toThrow();
      }),
    );
  });
});

describe("what the gate cannot see", () => {
  it("one flipped bit in a weight passes the gate and is caught by the digest alone", () => {
    const whole = readFileSync(modelFiles[0] ?? "");
    const flipped = Buffer.from(whole);
    const at = Math.floor(whole.length / 2);
    flipped[at] = (flipped[at] ?? 0) ^ 1;
    expect(codeOf(flipped)).toBe("accepted");
    const digest = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
    expect(digest(flipped)).not.toBe(digest(whole));
  });
});
