import type { OnnxGraph, OnnxNode, OnnxValue } from "./onnx-walk";

/** What is known of a table between two operators: its type, and whether its numbers may be of any size. */
type Known = { type: number; isUnbounded: boolean };

const [FLOAT, INT64, BOOL, UNKNOWN] = [1, 7, 9, 0];
const FLOATS: ReadonlySet<number> = new Set([1, 10, 11, 16]);
const TEXT = 8;

/** Their results lie within a range whatever comes in. */
const BOUNDING: ReadonlySet<string> = new Set([
  "Sigmoid",
  "HardSigmoid",
  "Softmax",
  "Hardmax",
  "Tanh",
  "Erf",
  "Sign",
  "Sin",
  "Cos",
  "TreeEnsembleClassifier",
]);
const TRUTHS = [
  "Equal",
  "Greater",
  "GreaterOrEqual",
  "Less",
  "LessOrEqual",
  "Not",
  "And",
  "Or",
  "Xor",
  "IsNaN",
  "IsInf",
];
const WHOLE = [
  "Shape",
  "Size",
  "ArgMax",
  "ArgMin",
  "NonZero",
  "TreeEnsembleClassifier",
  "LinearClassifier",
  "SVMClassifier",
];
/** What operators give whose type is not that of their first input. */
const GIVES: ReadonlyMap<string, number> = new Map([
  ...TRUTHS.map((operator) => [operator, BOOL] as const),
  ...WHOLE.map((operator) => [operator, INT64] as const),
  ["QuantizeLinear", 2],
  ["DynamicQuantizeLinear", 2],
  ["MatMulInteger", 6],
  ["ConvInteger", 6],
  ["QLinearMatMul", 2],
  ["QLinearConv", 2],
  ["DequantizeLinear", FLOAT],
]);

/**
 * The first input of the graph whose numbers are turned from floats to whole ones without a bound before it; null where there
 * is none. Operators that it does not know are taken to hand on the type and the size of what they are given.
 */
export function firstUnboundedCast(graph: OnnxGraph, inputs: readonly OnnxValue[]): string | null {
  const known = new Map<string, Known>(
    inputs.map(({ name, type }) => [name, { type, isUnbounded: FLOATS.has(type) }]),
  );
  for (const { name, type } of graph.weights) known.set(name, { type, isUnbounded: false });
  for (const node of graph.nodes) {
    const given = node.inputs.flatMap((name) => known.get(name) ?? []);
    if (node.operator === "Cast" && isUnsafe(node, given[0])) return node.inputs[0] ?? "";
    node.outputs.forEach((name, at) => known.set(name, resultOf(node, given, at)));
  }
  return null;
}

const castTo = ({ attributes }: OnnxNode) => Number([...(attributes.get("to")?.values ?? [])][0] ?? UNKNOWN);

function isUnsafe(node: OnnxNode, given: Known | undefined): boolean {
  const to = castTo(node);
  return (
    given !== undefined &&
    FLOATS.has(given.type) &&
    given.isUnbounded &&
    !FLOATS.has(to) &&
    to !== BOOL &&
    to !== TEXT
  );
}

function resultOf(node: OnnxNode, given: readonly Known[], at: number): Known {
  const { operator } = node;
  const isUnbounded = given.some((one) => one.isUnbounded) && !isBounding(node);
  if (operator === "Cast") return { type: castTo(node), isUnbounded };
  const gives = at === 0 ? GIVES.get(operator) : undefined;
  if (gives !== undefined) return { type: gives, isUnbounded: gives === FLOAT && isUnbounded };
  if (operator === "TopK" && at === 1) return { type: INT64, isUnbounded: false };
  const from = operator === "Where" || operator === "OneHot" ? given.at(-1) : given[0];
  return { type: from?.type ?? UNKNOWN, isUnbounded };
}

function isBounding({ operator, inputs, attributes }: OnnxNode): boolean {
  if (operator !== "Clip") return BOUNDING.has(operator);
  return (inputs[1] && inputs[2]) || (attributes.has("min") && attributes.has("max")) ? true : false;
}
