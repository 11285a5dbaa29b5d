import { DTYPE, type OnnxNode, attribute, listOfMaps, writeOnnxModel } from "@/lib/artifact/onnx-writer";
import { type OracleCase, type Random, type Table, numbers, tableOf } from "./case.fixture";
import { matMul, sigmoid, softmax, transposed } from "./reference.fixture";

const TOLERANCE = 1e-5;
/** libsvm stops there when it fits the probabilities of a row. */
const FITTED = 0.005;
export const ML = "ai.onnx.ml";
const opsets = [{ version: 15 }, { domain: ML, version: 3 }];

/** Scores and labels of a classifier of `ai.onnx.ml` that reads `x`. */
export function headFile(
  columns: number,
  classes: number,
  nodes: readonly OnnxNode[],
  { labels = DTYPE.int64 as number, zipMap = false } = {},
): Uint8Array {
  const label = { name: "label", type: labels as typeof DTYPE.int64, shape: ["rows"] };
  const scores = { name: "scores", type: DTYPE.float, shape: ["rows", classes] };
  return writeOnnxModel({
    graph: {
      name: "oracle",
      nodes,
      weights: [],
      inputs: [{ name: "x", type: DTYPE.float, shape: ["rows", columns] }],
      outputs: [label, zipMap ? listOfMaps("maps") : scores],
    },
    opsets,
  });
}

export const head = (operator: string, attributes: OnnxNode["attributes"] = {}): OnnxNode => ({
  operator,
  inputs: ["x"],
  outputs: ["label", "scores"],
  attributes,
  domain: ML,
});

export function argMax(scores: readonly number[]): number {
  return scores.reduce((best, score, at) => (score > (scores[best] ?? 0) ? at : best), 0);
}

export const POST = {
  SOFTMAX: softmax,
  LOGISTIC: (row: readonly number[]) => row.map(sigmoid),
  NONE: (row: readonly number[]) => [...row],
};

/** LinearClassifier as converters write a logistic regression: one line of coefficients a class. */
export function linearHeads(random: Random, rowCount: number): OracleCase[] {
  const columns = 7;
  return (
    [
      ["SOFTMAX", 4],
      ["LOGISTIC", 4],
      ["LOGISTIC", 2],
      ["NONE", 3],
    ] as const
  ).map(([post, classes]) => {
    const coefficients = tableOf(numbers(random, classes * columns), columns);
    const intercepts = numbers(random, classes);
    if (classes === 2) {
      coefficients[0] = (coefficients[1] ?? []).map((value) => -value);
      intercepts[0] = -(intercepts[1] ?? 0);
    }
    const rows = tableOf(numbers(random, rowCount * columns), columns);
    const right = matMul(rows, transposed(coefficients), intercepts).map((row) => POST[post](row));
    const file = headFile(columns, classes, [
      head("LinearClassifier", {
        coefficients: attribute.floats(coefficients.flat()),
        intercepts: attribute.floats(intercepts),
        classlabels_ints: attribute.ints(Array.from({ length: classes }, (_, at) => at)),
        multi_class: attribute.int(classes > 2 ? 1 : 0),
        post_transform: attribute.text(post),
      }),
    ]);
    return classCase(`LinearClassifier of ${classes} with ${post}`, file, rows, right);
  });
}

export function classCase(
  name: string,
  file: Uint8Array,
  rows: Table,
  right: Table,
  tolerance = TOLERANCE,
): OracleCase {
  return {
    name,
    file,
    input: { name: "x", type: DTYPE.float, shape: [rows[0]?.length ?? 0] },
    rows,
    scores: { output: "scores", right },
    labels: { output: "label", right: right.map(argMax) },
    tolerance,
    rowsPerCall: 64,
  };
}

/** Regressors of `ai.onnx.ml`: one number a row. */
export function regressors(random: Random, rowCount: number): OracleCase[] {
  const columns = 5;
  const rows = tableOf(numbers(random, rowCount * columns), columns);
  const line = numbers(random, columns);
  const [intercept = 0] = numbers(random, 1);
  const vectors = tableOf(numbers(random, 12 * columns), columns);
  const weights = numbers(random, vectors.length);
  const gamma = Math.fround(0.3);
  const linear = head("LinearRegressor", {
    coefficients: attribute.floats(line),
    intercepts: attribute.floats([intercept]),
  });
  const kernel = head("SVMRegressor", {
    coefficients: attribute.floats(weights),
    kernel_params: attribute.floats([gamma, 0, 3]),
    kernel_type: attribute.text("RBF"),
    n_supports: attribute.int(vectors.length),
    rho: attribute.floats([intercept]),
    support_vectors: attribute.floats(vectors.flat()),
  });
  const byKernel = rows.map((row) => [
    radial(row, vectors, gamma).reduce((sum, near, at) => sum + near * (weights[at] ?? 0), intercept),
  ]);
  return [
    numberCase("LinearRegressor", linear, rows, matMul(rows, transposed([line]), [intercept])),
    numberCase("SVMRegressor with RBF", kernel, rows, byKernel),
  ];
}

export function numberCase(name: string, node: OnnxNode, rows: Table, right: Table): OracleCase {
  const columns = rows[0]?.length ?? 0;
  const file = writeOnnxModel({
    graph: {
      name: "oracle",
      nodes: [{ ...node, outputs: ["scores"] }],
      weights: [],
      inputs: [{ name: "x", type: DTYPE.float, shape: ["rows", columns] }],
      outputs: [{ name: "scores", type: DTYPE.float, shape: ["rows", 1] }],
    },
    opsets,
  });
  const input = { name: "x", type: DTYPE.float, shape: [columns] };
  return {
    name,
    file,
    input,
    rows,
    scores: { output: "scores", right },
    tolerance: TOLERANCE,
    rowsPerCall: 64,
  };
}

const radial = (row: readonly number[], vectors: Table, gamma: number) =>
  vectors.map((vector) =>
    Math.exp(-gamma * vector.reduce((sum, value, at) => sum + (value - (row[at] ?? 0)) ** 2, 0)),
  );

/**
 * SVMClassifier of two classes as converters write libsvm's: a decision for the first class against the second, and, where the
 * file has them, Platt's line (https://www.csie.ntu.edu.tw/~cjlin/papers/plattprob.pdf) from it to a probability.
 */
export function supportVectors(random: Random, rowCount: number): OracleCase[] {
  const columns = 4;
  const rows = tableOf(numbers(random, rowCount * columns), columns);
  const vectors = tableOf(numbers(random, 10 * columns), columns);
  const weights = numbers(random, vectors.length).map((weight, at) =>
    at < 5 ? Math.abs(weight) : -Math.abs(weight),
  );
  const gamma = Math.fround(0.4);
  const [rho, slope, shift] = [Math.fround(0.1), Math.fround(-1.7), Math.fround(0.2)];
  const node = head("SVMClassifier", {
    classlabels_ints: attribute.ints([0, 1]),
    coefficients: attribute.floats(weights),
    kernel_params: attribute.floats([gamma, 0, 3]),
    kernel_type: attribute.text("RBF"),
    post_transform: attribute.text("NONE"),
    prob_a: attribute.floats([slope]),
    prob_b: attribute.floats([shift]),
    rho: attribute.floats([rho]),
    support_vectors: attribute.floats(vectors.flat()),
    vectors_per_class: attribute.ints([5, 5]),
  });
  const decisions = rows.map((row) =>
    radial(row, vectors, gamma).reduce((sum, near, at) => sum + near * (weights[at] ?? 0), rho),
  );
  const right = decisions.map((decision) => {
    const first = 1 / (1 + Math.exp(slope * decision + shift));
    return [first, 1 - first];
  });
  const drawn = classCase(
    "SVMClassifier with probabilities",
    headFile(columns, 2, [node]),
    rows,
    right,
    FITTED,
  );
  // It votes by the decision, whatever the probabilities say.
  const labels = { output: "label", right: decisions.map((decision) => (decision > 0 ? 0 : 1)) };
  return [{ ...drawn, labels }];
}

/** Labels that are texts, scores behind a ZipMap, texts as inputs: only what can be fetched is. */
export function names(random: Random, rowCount: number): OracleCase[] {
  const known = ["adelie", "chinstrap", "gentoo"];
  const texts = Array.from({ length: rowCount }, () => [[...known, "émeu"][Math.floor(random() * 4)] ?? ""]);
  const encoder: OnnxNode = {
    operator: "LabelEncoder",
    inputs: ["x"],
    outputs: ["label"],
    domain: ML,
    attributes: {
      keys_strings: attribute.texts(known),
      values_int64s: attribute.ints([3, 1, 2]),
      default_int64: attribute.int(-1),
    },
  };
  const file = writeOnnxModel({
    graph: {
      name: "oracle",
      nodes: [encoder],
      weights: [],
      inputs: [{ name: "x", type: DTYPE.string, shape: ["rows", 1] }],
      outputs: [{ name: "label", type: DTYPE.int64, shape: ["rows", 1] }],
    },
    opsets,
  });
  const right = texts.map(([text = ""]) => [3, 1, 2][known.indexOf(text)] ?? -1);
  return [
    {
      name: "LabelEncoder of texts",
      file,
      input: { name: "x", type: DTYPE.string, shape: [1] },
      rows: texts,
      labels: { output: "label", right },
      tolerance: 0,
      rowsPerCall: 64,
    },
  ];
}
