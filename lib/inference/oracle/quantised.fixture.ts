import { DTYPE, type OnnxNode, attribute, bytes, floats } from "@/lib/artifact/onnx-writer";
import { type OracleCase, type Random, numbers, tableOf } from "./case.fixture";
import { networkCase, networkFile, step, table } from "./networks.fixture";
import { each, matMul, softmax, throughSteps } from "./reference.fixture";

const INT8 = [-128, 127] as const;
const UINT8 = [0, 255] as const;

/** Weights as whole numbers of 8 bits with one scale a column; 7 bits of range, so that no processor saturates. */
function drawQuantised(random: Random, inputs: number, outputs: number) {
  const steps = Array.from({ length: inputs * outputs }, () => Math.floor(random() * 127) - 63);
  const scales = numbers(random, outputs).map((size) => Math.fround(0.01 + Math.abs(size) / 100));
  const right = tableOf(steps, outputs).map((row) => row.map((value, at) => value * (scales[at] ?? 0)));
  return { steps, scales, right };
}

/** Weights alone are whole numbers: everything is computed with floats. */
export function weightsQuantised(random: Random, rowCount: number): OracleCase[] {
  const [inputs, classes] = [32, 4];
  const { steps, scales, right } = drawQuantised(random, inputs, classes);
  const rows = tableOf(numbers(random, rowCount * inputs), inputs);
  const nodes = [
    step("DequantizeLinear", ["w", "s"], "wide", { axis: attribute.int(1) }),
    step("MatMul", ["x", "wide"], "logits"),
    step("Softmax", ["logits"], "scores", { axis: attribute.int(-1) }),
  ];
  const weights = [bytes("w", DTYPE.int8, [inputs, classes], steps), floats("s", [classes], scales)];
  const file = networkFile(nodes, weights, { x: table(inputs), scores: table(classes) });
  return [
    networkCase("weights of 8 bits", file, {
      rows,
      shape: [inputs],
      right: matMul(rows, right).map(softmax),
    }),
  ];
}

/** Inputs in steps that the file states. A score may be one step away. */
export function staticallyQuantised(random: Random, rowCount: number): OracleCase[] {
  const [inputs, classes] = [32, 4];
  const { steps, scales, right } = drawQuantised(random, inputs, classes);
  const [scale, zero] = [Math.fround(0.03), 7];
  const rows = tableOf(numbers(random, rowCount * inputs), inputs);
  const nodes = [
    step("QuantizeLinear", ["x", "xs", "xz"], "xq"),
    step("DequantizeLinear", ["xq", "xs", "xz"], "xd"),
    step("DequantizeLinear", ["w", "s"], "wide", { axis: attribute.int(1) }),
    step("MatMul", ["xd", "wide"], "logits"),
    step("Softmax", ["logits"], "scores", { axis: attribute.int(-1) }),
  ];
  const weights = [
    bytes("w", DTYPE.int8, [inputs, classes], steps),
    floats("s", [classes], scales),
    floats("xs", [], [scale]),
    bytes("xz", DTYPE.int8, [], [zero]),
  ];
  const stepped = each(rows, (value) => throughSteps(value, scale, zero, INT8));
  const file = networkFile(nodes, weights, { x: table(inputs), scores: table(classes) });
  const scores = matMul(stepped, right).map(softmax);
  return [
    networkCase("steps that the file states", file, {
      rows,
      shape: [inputs],
      right: scores,
      tolerance: scale,
    }),
  ];
}

/** Inputs in steps that follow from the inputs of the call, as DynamicQuantizeLinear says: one row a call. */
export function dynamicallyQuantised(random: Random, rowCount: number): OracleCase[] {
  const [inputs, classes] = [32, 4];
  const { steps, right, scales } = drawQuantised(random, inputs, classes);
  const rows = tableOf(numbers(random, rowCount * inputs), inputs);
  const nodes: OnnxNode[] = [
    { operator: "DynamicQuantizeLinear", inputs: ["x"], outputs: ["xq", "xs", "xz"] },
    step("MatMulInteger", ["xq", "w", "xz"], "whole"),
    step("Cast", ["whole"], "sum", { to: attribute.int(DTYPE.float) }),
    step("Mul", ["sum", "xs"], "sized"),
    step("Mul", ["sized", "s"], "logits"),
    step("Softmax", ["logits"], "scores", { axis: attribute.int(-1) }),
  ];
  const weights = [bytes("w", DTYPE.int8, [inputs, classes], steps), floats("s", [classes], scales)];
  const stepped = rows.map((row) => {
    const [least, most] = [Math.min(0, ...row), Math.max(0, ...row)];
    const scale = Math.fround(Math.fround(most - least) / 255);
    const zero = throughSteps(-least, scale, 0, UINT8) / scale;
    return row.map((value) => throughSteps(value, scale, Math.round(zero), UINT8));
  });
  const file = networkFile(nodes, weights, { x: table(inputs), scores: table(classes) });
  const scores = matMul(stepped, right).map(softmax);
  return [
    networkCase("steps that follow from the row", file, {
      rows,
      shape: [inputs],
      right: scores,
      rowsPerCall: 1,
    }),
  ];
}
