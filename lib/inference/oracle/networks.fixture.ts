import {
  DTYPE,
  type OnnxGraph,
  type OnnxNode,
  attribute,
  floats,
  writeOnnxModel,
} from "@/lib/artifact/onnx-writer";
import { type OracleCase, type Random, type Table, numbers, tableOf } from "./case.fixture";
import {
  convolved,
  each,
  erf,
  matMul,
  maxPooled,
  normalised,
  relu,
  sigmoid,
  softmax,
  transposed,
} from "./reference.fixture";

const DENSE = 1e-5;

export const step = (
  operator: string,
  inputs: readonly string[],
  output: string,
  attributes: OnnxNode["attributes"] = {},
): OnnxNode => ({ operator, inputs, outputs: [output], attributes });

/** A network from `x` to `scores`. */
export function networkFile(
  nodes: readonly OnnxNode[],
  weights: OnnxGraph["weights"],
  shapes: { x: readonly (number | string)[]; scores: readonly (number | string)[] },
): Uint8Array {
  const inputs = [{ name: "x", type: DTYPE.float, shape: shapes.x }];
  const outputs = [{ name: "scores", type: DTYPE.float, shape: shapes.scores }];
  return writeOnnxModel({
    graph: { name: "oracle", nodes, weights, inputs, outputs },
    opsets: [{ version: 13 }],
  });
}

export const table = (columns: number) => ["rows", columns] as const;

function drawNet(random: Random, [inputs, hidden, classes]: readonly [number, number, number]) {
  return {
    first: tableOf(numbers(random, inputs * hidden, 1.5 / Math.sqrt(inputs)), hidden),
    firstBias: numbers(random, hidden),
    second: tableOf(numbers(random, hidden * classes, 1.5 / Math.sqrt(hidden)), classes),
    secondBias: numbers(random, classes),
  };
}

export function dense(random: Random, rowCount: number): OracleCase[] {
  return (["Relu", "Sigmoid", "Tanh", "LeakyRelu"] as const).map((operator) => {
    const size = [19, 24, 5] as const;
    const net = drawNet(random, size);
    const rows = tableOf(numbers(random, rowCount * size[0], 2), size[0]);
    const slope = Math.fround(0.1);
    const curve = {
      Relu: relu,
      Sigmoid: sigmoid,
      Tanh: Math.tanh,
      LeakyRelu: (value: number) => (value < 0 ? slope * value : value),
    }[operator];
    const nodes = [
      step("Gemm", ["x", "a", "b"], "sum"),
      step(operator, ["sum"], "hidden", operator === "LeakyRelu" ? { alpha: attribute.float(slope) } : {}),
      step("MatMul", ["hidden", "c"], "product"),
      step("Add", ["product", "d"], "logits"),
      step("Softmax", ["logits"], "scores", { axis: attribute.int(-1) }),
    ];
    const weights = [
      floats("a", [size[0], size[1]], net.first.flat()),
      floats("b", [size[1]], net.firstBias),
      floats("c", [size[1], size[2]], net.second.flat()),
      floats("d", [size[2]], net.secondBias),
    ];
    const hidden = each(matMul(rows, net.first, net.firstBias), curve);
    return networkCase(
      `dense with ${operator}`,
      networkFile(nodes, weights, { x: table(19), scores: table(5) }),
      {
        rows,
        shape: [19],
        right: matMul(hidden, net.second, net.secondBias).map(softmax),
      },
    );
  });
}

export function networkCase(
  name: string,
  file: Uint8Array,
  {
    rows,
    shape,
    right,
    tolerance = DENSE,
    rowsPerCall = 64,
  }: {
    rows: Table;
    shape: readonly number[];
    right: Table;
    tolerance?: number;
    rowsPerCall?: number;
  },
): OracleCase {
  const input = { name: "x", type: DTYPE.float, shape };
  return { name, file, input, rows, scores: { output: "scores", right }, tolerance, rowsPerCall };
}

export function convolutional(random: Random, rowCount: number): OracleCase[] {
  const [channels, side, filters, classes] = [2, 8, 6, 4];
  const kernels = numbers(random, filters * channels * 9, 0.5);
  const bias = numbers(random, filters);
  const last = tableOf(numbers(random, filters * 16 * classes, 0.3), classes);
  const rows = tableOf(numbers(random, rowCount * channels * side * side), channels * side * side);
  const kernelTables = tableOf(kernels, channels * 9).map((kernel) =>
    tableOf(kernel, 9).map((plane) => tableOf(plane, 3)),
  );
  const right = rows.map((row) => {
    const planes = tableOf(row, side * side).map((plane) => tableOf(plane, side));
    const pooled = convolved(planes, kernelTables, bias).map((plane) => maxPooled(each(plane, relu)));
    return softmax(matMul([pooled.flat(2)], last)[0] ?? []);
  });
  const nodes = [
    step("Conv", ["x", "k", "b"], "sum", {
      pads: attribute.ints([1, 1, 1, 1]),
      kernel_shape: attribute.ints([3, 3]),
    }),
    step("Relu", ["sum"], "hidden"),
    step("MaxPool", ["hidden"], "pooled", {
      kernel_shape: attribute.ints([2, 2]),
      strides: attribute.ints([2, 2]),
    }),
    step("Flatten", ["pooled"], "flat"),
    step("MatMul", ["flat", "w"], "logits"),
    step("Softmax", ["logits"], "scores", { axis: attribute.int(-1) }),
  ];
  const weights = [
    floats("k", [filters, channels, 3, 3], kernels),
    floats("b", [filters], bias),
    floats("w", [filters * 16, classes], last.flat()),
  ];
  const file = networkFile(nodes, weights, { x: ["rows", channels, side, side], scores: table(classes) });
  return [
    networkCase("convolutions", file, { rows, shape: [channels, side, side], right, tolerance: DENSE }),
  ];
}

/** One block of attention from primitives, Gelu by Erf, a mean over the tokens, and a head. */
export function attention(random: Random, rowCount: number): OracleCase[] {
  const [tokens, width, classes] = [6, 8, 3];
  const square = () => tableOf(numbers(random, width * width, 0.6), width);
  const [query, key, value, wide] = [square(), square(), square(), square()];
  const scale = numbers(random, width).map((size) => Math.fround(1 + size / 4));
  const shift = numbers(random, width);
  const head = tableOf(numbers(random, width * classes), classes);
  const rows = tableOf(numbers(random, rowCount * tokens * width), tokens * width);
  const root = Math.fround(Math.sqrt(width));
  const epsilon = Math.fround(1e-5);
  const half = Math.fround(Math.SQRT2);
  const right = rows.map((row) => {
    const x = tableOf(row, width);
    const weighed = each(matMul(matMul(x, query), transposed(matMul(x, key))), (score) => score / root).map(
      softmax,
    );
    const mixed = matMul(weighed, matMul(x, value)).map((line, at) =>
      line.map((sum, column) => sum + (x[at]?.[column] ?? 0)),
    );
    const normal = mixed.map((line) => normalised(line, scale, shift, epsilon));
    const curved = each(matMul(normal, wide), (sum) => (sum * (1 + erf(sum / half))) / 2);
    const mean = transposed(curved).map((column) => column.reduce((sum, part) => sum + part, 0) / tokens);
    return softmax(matMul([mean], head)[0] ?? []);
  });
  const weights = [
    ...Object.entries({ query, key, value, wide }).map(([name, of]) =>
      floats(name, [width, width], of.flat()),
    ),
    floats("head", [width, classes], head.flat()),
    floats("scale", [width], scale),
    floats("shift", [width], shift),
    ...Object.entries({ root, epsilon, half, one: 1, two: 2 }).map(([name, of]) => floats(name, [], [of])),
  ];
  const file = networkFile(attentionNodes(), weights, { x: ["rows", tokens, width], scores: table(classes) });
  return [networkCase("attention from primitives", file, { rows, shape: [tokens, width], right })];
}

function attentionNodes(): OnnxNode[] {
  const last = { axes: attribute.ints([-1]), keepdims: attribute.int(1) };
  return [
    step("MatMul", ["x", "query"], "q"),
    step("MatMul", ["x", "key"], "k"),
    step("MatMul", ["x", "value"], "v"),
    step("Transpose", ["k"], "kt", { perm: attribute.ints([0, 2, 1]) }),
    step("MatMul", ["q", "kt"], "raw"),
    step("Div", ["raw", "root"], "scaled"),
    step("Softmax", ["scaled"], "weighed", { axis: attribute.int(-1) }),
    step("MatMul", ["weighed", "v"], "heads"),
    step("Add", ["heads", "x"], "mixed"),
    step("ReduceMean", ["mixed"], "mean", last),
    step("Sub", ["mixed", "mean"], "off"),
    step("Pow", ["off", "two"], "squares"),
    step("ReduceMean", ["squares"], "variance", last),
    step("Add", ["variance", "epsilon"], "safe"),
    step("Sqrt", ["safe"], "deviation"),
    step("Div", ["off", "deviation"], "unit"),
    step("Mul", ["unit", "scale"], "sized"),
    step("Add", ["sized", "shift"], "normal"),
    step("MatMul", ["normal", "wide"], "sum"),
    step("Div", ["sum", "half"], "part"),
    step("Erf", ["part"], "curve"),
    step("Add", ["curve", "one"], "gate"),
    step("Mul", ["sum", "gate"], "gated"),
    step("Div", ["gated", "two"], "gelu"),
    step("ReduceMean", ["gelu"], "pooled", { axes: attribute.ints([1]), keepdims: attribute.int(0) }),
    step("MatMul", ["pooled", "head"], "logits"),
    step("Softmax", ["logits"], "scores", { axis: attribute.int(-1) }),
  ];
}
