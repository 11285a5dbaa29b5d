import type { OnnxGraph, OnnxModel, OnnxNode } from "./onnx-walk";

/** What a run has to know of a network, found in its structure. */
export type OnnxFacts = {
  /** Why a row's answer may depend on the rows beside it; where there is a reason, one row is run at a time. */
  neighbours: readonly string[];
  /** Where weights are whole numbers of eight bits: whether inputs are too, and by whose steps. */
  quantised: "no" | "weights" | "static" | "dynamic";
  /** The classes by name, and the outputs that hold them. */
  classifier: OnnxClassifier | null;
};
export type OnnxClassifier = {
  labels: readonly string[];
  /** The output of the graph that names the class; null where there is none, or where it is known to contradict the scores. */
  labelOutput: string | null;
  /** The table of scores. */
  scoresOutput: string | null;
  /** The output of a ZipMap that gives no table: it is cut off, and `scoresOutput` fetched in its place. */
  cutOutput: string | null;
};

type Constants = ReadonlyMap<string, readonly number[]>;

export function factsOf(model: OnnxModel, graphs: readonly OnnxGraph[], constants: Constants): OnnxFacts {
  const nodes = graphs.flatMap((graph) => graph.nodes);
  return {
    neighbours: neighboursOf(model, graphs, constants),
    quantised: quantisedOf(nodes),
    classifier: classifierOf(model.graph),
  };
}

const WITHIN_ROW = new Set(["Softmax", "LogSoftmax", "Hardmax"]);
const DYNAMIC = new Set(["DynamicQuantizeLinear", "DynamicQuantizeMatMul", "DynamicQuantizeLSTM"]);
const OVER_AXES = /^(Reduce[A-Z]\w*|ArgMax|ArgMin|CumSum|TopK|LpNormalization)$/;

function neighboursOf(
  { graph, irVersion }: OnnxModel,
  graphs: readonly OnnxGraph[],
  constants: Constants,
): string[] {
  const ranks = ranksOf(graphs);
  const reasons = new Set<string>();
  const given = new Set(graph.inputs.map(({ name }) => name));
  if (irVersion >= 4 && graph.weights.some(({ name }) => given.has(name)))
    reasons.add("Its weights are also inputs, so that they are not prepared once.");
  for (const node of graphs.flatMap((one) => one.nodes)) {
    const { operator } = node;
    if (DYNAMIC.has(operator)) reasons.add(`${operator} takes one step for all rows of a call.`);
    if (WITHIN_ROW.has(operator) && !isOverLastAxis(node, ranks))
      reasons.add(`${operator} is not known to be over the last axis.`);
    if (OVER_AXES.test(operator) && coversRows(node, constants))
      reasons.add(`${operator} may be over the rows.`);
    if (operator === "BatchNormalization" && numberOf(node, "training_mode") === 1)
      reasons.add("BatchNormalization is set to training.");
  }
  return [...reasons].sort();
}

const numberOf = ({ attributes }: OnnxNode, name: string): number | undefined => {
  const [value] = attributes.get(name)?.values ?? [];
  return typeof value === "number" ? value : undefined;
};

/** How many axes a table has, where the file says so. */
function ranksOf(graphs: readonly OnnxGraph[]): ReadonlyMap<string, number> {
  const said = graphs.flatMap(({ inputs, outputs, inner }) => [...inputs, ...outputs, ...inner]);
  return new Map(said.flatMap(({ name, shape }) => (shape ? [[name, shape.length] as const] : [])));
}

/** Without an axis: the second one up to operator set 12, the last one from 13 on; with two axes both are the same. */
function isOverLastAxis(node: OnnxNode, ranks: ReadonlyMap<string, number>): boolean {
  const axis = numberOf(node, "axis") ?? -1;
  const rank = [...node.inputs.slice(0, 1), ...node.outputs]
    .map((name) => ranks.get(name))
    .find((known) => known !== undefined);
  return axis === -1 || (rank !== undefined && axis === rank - 1);
}

/** An axis that is stated nowhere in the file may be any. */
function coversRows(node: OnnxNode, constants: Constants): boolean {
  const { operator, attributes, inputs } = node;
  if (operator === "ArgMax" || operator === "ArgMin") return (numberOf(node, "axis") ?? 0) === 0;
  if (operator === "TopK" || operator === "LpNormalization") return (numberOf(node, "axis") ?? -1) === 0;
  const [first] = attributes.has("axes")
    ? [[...(attributes.get("axes")?.values ?? [])]]
    : [constants.get(inputs[1] ?? "")];
  return first === undefined || first.length === 0 || first.includes(0);
}

function quantisedOf(nodes: readonly OnnxNode[]): OnnxFacts["quantised"] {
  const has = (operators: RegExp) => nodes.some(({ operator }) => operators.test(operator));
  if (has(/^DynamicQuantize/)) return "dynamic";
  if (
    has(
      /^(QuantizeLinear|QLinear\w+|QGemm|QAttention|QEmbedLayerNormalization|MatMulInteger\w*|ConvInteger)$/,
    )
  )
    return "static";
  return has(/^(DequantizeLinear|MatMulNBits)$/) ? "weights" : "no";
}

const CLASSIFIERS = new Set(["TreeEnsembleClassifier", "LinearClassifier", "SVMClassifier"]);
/** They hand on what they are given, for this question. */
const HANDS_ON = new Set([
  "Cast",
  "Identity",
  "Reshape",
  "Flatten",
  "Squeeze",
  "Normalizer",
  "ZipMap",
  "ArrayFeatureExtractor",
  "LabelEncoder",
]);

function classifierOf(graph: OnnxGraph): OnnxClassifier | null {
  const makers = new Map(graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const found = graph.nodes.filter(
    ({ operator, domain }) => domain === "ai.onnx.ml" && CLASSIFIERS.has(operator),
  );
  const [node] = found;
  if (!node || found.length > 1) return null;
  const [label, scores] = node.outputs;
  const outputOf = (of: string | undefined) =>
    graph.outputs.find(({ name }) => of !== undefined && originOf(name, makers) === of)?.name;
  const scored = outputOf(scores) ?? null;
  const zipMap = scored === null ? undefined : makers.get(scored);
  const isCut = zipMap?.operator === "ZipMap";
  return {
    labels: labelsOf(node),
    labelOutput: contradictsItself(node) ? null : (outputOf(label) ?? null),
    scoresOutput: isCut ? (zipMap.inputs[0] ?? null) : scored,
    cutOutput: isCut ? scored : null,
  };
}

function originOf(name: string, makers: ReadonlyMap<string, OnnxNode>, steps = 0): string {
  const node = makers.get(name);
  if (!node || !HANDS_ON.has(node.operator) || steps > 16) return name;
  return originOf(node.inputs[0] ?? "", makers, steps + 1);
}

function labelsOf({ attributes }: OnnxNode): string[] {
  const names = ["classlabels_strings", "classlabels_int64s", "classlabels_ints"];
  const list = names.map((name) => attributes.get(name)).find((attribute) => (attribute?.count ?? 0) > 0);
  return [...(list?.values ?? [])].map(String);
}

/**
 * Of trees with two classes, runtimes name the wrong one for some ways to store the leaves; and support vectors vote for a class
 * while the probabilities are fitted apart.
 */
function contradictsItself(node: OnnxNode): boolean {
  if (node.operator === "SVMClassifier") return node.attributes.has("prob_a");
  return node.operator === "TreeEnsembleClassifier" && labelsOf(node).length === 2;
}
