import { elementNames } from "./onnx-elements";
import type { OnnxTensor } from "./onnx-tensor";
import { type OnnxFacts, factsOf } from "./onnx-facts";
import { firstUnboundedCast } from "./onnx-types";
import {
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxValue,
  allGraphs,
  readOnnx,
} from "./onnx-walk";
import { type ArtifactReader, type RefusalCode, StructureError } from "./structure-cursor";

/**
 * Decides from the structure alone whether an ONNX file may be run. Standard operators all may: the process around a run keeps
 * a stranger's file apart. Refused is what is unsound, what reaches outside itself, and what answers by chance, by the machine's
 * language or by another processor's rounding. A changed weight looks like any other weight: only the digest pin catches that.
 */

export type OnnxRefusal =
  | RefusalCode
  | "foreign_operators"
  | "opset_not_supported"
  | "random"
  | "training"
  | "half_precision_input"
  | "locale"
  | "unbounded_cast"
  | "leaf_class"
  | "no_outputs";

export type OnnxPort = {
  name: string;
  /** As runtimes call it; null where it is no table. */
  type: string | null;
  /** null: not said. A size is a number, a name, or unsaid. */
  shape: readonly (number | string | null)[] | null;
};

export type OnnxSummary = {
  irVersion: number;
  /** With their domain where it is not the standard one. */
  operators: readonly string[];
  nodeCount: number;
  parameterCount: number;
  inputs: readonly OnnxPort[];
  outputs: readonly OnnxPort[];
  metadata: Readonly<Record<string, string>>;
  /** Files of its bundle that hold weights of it, by their path beside it. */
  externalData: readonly string[];
  facts: OnnxFacts;
};

export type GateVerdict =
  { accepted: true; summary: OnnxSummary } | { accepted: false; code: OnnxRefusal; message: string };

/** The other files of its bundle by their path beside it, with their sizes in bytes. */
export type FilesBeside = Readonly<Record<string, number>>;

/** A file that is run may have at most as many bytes, its weights among them. */
export const MAX_ONNX_BYTES = 1024 ** 3;

const VERSIONS = {
  ir: [3, 13],
  "": [7, 26],
  "ai.onnx.ml": [1, 5],
  "com.microsoft": [1, 1],
} as const;

/** Of `com.microsoft`: what optimisers and quantisers write, and the runtime has for processors. */
const CONTRIBUTED: ReadonlySet<string> = new Set(
  "Attention BiasGelu DequantizeLinear DynamicQuantizeLSTM DynamicQuantizeMatMul EmbedLayerNormalization FastGelu FusedConv FusedGemm FusedMatMul Gelu GroupQueryAttention MatMulInteger16 MatMulIntegerToFloat MatMulNBits MultiHeadAttention QAttention QEmbedLayerNormalization QGemm QLinearAdd QLinearAveragePool QLinearConcat QLinearGlobalAveragePool QLinearLeakyRelu QLinearMul QLinearReduceMean QLinearSigmoid QLinearSoftmax QLinearWhere QuantizeLinear QuickGelu RotaryEmbedding SkipLayerNormalization SkipSimplifiedLayerNormalization".split(
    " ",
  ),
);

/** They draw other numbers in every process; a seed in the file does not help across runtimes. */
const RANDOM: ReadonlySet<string> = new Set([
  "RandomNormal",
  "RandomNormalLike",
  "RandomUniform",
  "RandomUniformLike",
  "Multinomial",
  "Bernoulli",
]);

const HALF = [10, 16];

class Refused extends Error {
  constructor(
    readonly code: OnnxRefusal,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Reads the structure, in pieces, and says what it holds, or why it will not be run. Throws only where the file cannot be read at all.
 */
export async function inspectOnnx(beside: FilesBeside, reader: ArtifactReader): Promise<GateVerdict> {
  if (reader.sizeBytes > MAX_ONNX_BYTES)
    return refusedBy(new Refused("too_large", `The file is larger than ${MAX_ONNX_BYTES} bytes.`));
  return readOnnx(reader).then((model) => gateOf(model, beside), refusedBy);
}

/** The same of a structure that has been read. */
export function gateOf(model: OnnxModel, beside: FilesBeside): GateVerdict {
  try {
    return { accepted: true, summary: summaryOf(model, beside) };
  } catch (error) {
    return refusedBy(error);
  }
}

function refusedBy(error: unknown): GateVerdict {
  if (!(error instanceof Refused) && !(error instanceof StructureError)) throw error;
  return { accepted: false, code: error.code, message: error.message };
}

/** The same of bytes that are held already. */
export function inspectOnnxBytes(bytes: Uint8Array, beside: FilesBeside = {}): Promise<GateVerdict> {
  const read = async (offset: number, length: number) => bytes.subarray(offset, offset + length);
  return inspectOnnx(beside, { sizeBytes: bytes.length, read });
}

function summaryOf(model: OnnxModel, beside: FilesBeside): OnnxSummary {
  checkVersions(model);
  if (model.trainingGraphs > 0) refuse("training", "The file holds how it is trained, not only the network.");
  const graphs = [model.graph, ...model.functions.map(({ graph }) => graph)].flatMap(allGraphs);
  const nodes = graphs.flatMap((graph) => graph.nodes);
  const own = new Set(model.functions.map(({ domain, name }) => `${domain}.${name}`));
  const constants = constantsOf(graphs);
  for (const node of nodes) checkNode(node, own, constants);
  if (graphs.some(({ sparseWeights }) => sparseWeights > 0))
    refuse("unsupported_type", "The file holds sparse weights, which are not run here.");
  const weights = graphs.flatMap((graph) => graph.weights);
  const inAttributes = nodes.flatMap(({ attributes }) =>
    [...attributes.values()].flatMap(({ tensor }) => tensor ?? []),
  );
  const externalData = new Set(
    [...weights, ...inAttributes].flatMap((tensor) => placeOutside(tensor, beside)),
  );
  const inputs = inputsOf(model.graph);
  const half = inputs.find(({ type }) => HALF.includes(type));
  if (half)
    refuse(
      "half_precision_input",
      `The input ${half.name} takes ${elementNames[half.type]} numbers, which this runtime cannot be given.`,
    );
  if (model.graph.outputs.length === 0) refuse("no_outputs", "The network has no output.");
  const cast = firstUnboundedCast(model.graph, inputs);
  if (cast)
    refuse(
      "unbounded_cast",
      `It turns the unbounded numbers of ${cast} into whole ones, which processors do differently.`,
    );
  return {
    irVersion: model.irVersion,
    operators: [
      ...new Set(nodes.map(({ domain, operator }) => (domain ? `${domain}.${operator}` : operator))),
    ].sort(),
    nodeCount: nodes.length,
    parameterCount: weights.reduce((sum, { size }) => sum + size, 0),
    inputs: inputs.map(portOf),
    outputs: model.graph.outputs.map(portOf),
    metadata: Object.fromEntries(model.metadata),
    externalData: [...externalData].sort(),
    facts: factsOf(model, graphs, constants),
  };
}

function checkVersions({ irVersion, opsets, functions }: OnnxModel): void {
  const [least, most] = VERSIONS.ir;
  if (irVersion < least || irVersion > most)
    refuse(
      "opset_not_supported",
      `Version ${irVersion} of the format is not supported; ${least} to ${most} are.`,
    );
  const own = new Set(functions.map(({ domain }) => domain));
  for (const { domain, version } of opsets) {
    if (own.has(domain)) continue;
    const range = Object.hasOwn(VERSIONS, domain) && VERSIONS[domain as keyof typeof VERSIONS];
    // Exporters name sets that nothing in the file uses; an operator of one is refused by itself.
    if (!range) continue;
    if (version < range[0] || version > range[1])
      refuse(
        "opset_not_supported",
        `Operator set ${version} of ${domain || "ai.onnx"} is not supported; ${range[0]} to ${range[1]} are.`,
      );
  }
}

/** Whole numbers that the file states, by the name of the tensor. */
function constantsOf(graphs: readonly OnnxGraph[]): ReadonlyMap<string, readonly number[]> {
  const stated = graphs.flatMap((graph) => graph.weights.map(({ name, values }) => [name, values] as const));
  const nodes = graphs.flatMap((graph) => graph.nodes.filter(({ operator }) => operator === "Constant"));
  const computed = nodes.map(
    ({ outputs, attributes }) => [outputs[0] ?? "", attributes.get("value")?.tensor?.values ?? null] as const,
  );
  return new Map(
    [...stated, ...computed].filter((entry): entry is [string, readonly number[]] => entry[1] !== null),
  );
}

function checkNode(
  node: OnnxNode,
  own: ReadonlySet<string>,
  constants: ReadonlyMap<string, readonly number[]>,
): void {
  const { operator, domain, inputs } = node;
  if (operator === "") refuse("malformed", "An operator has no name.");
  if (own.has(`${domain}.${operator}`)) return;
  const isKnown =
    domain === "" || domain === "ai.onnx.ml" || (domain === "com.microsoft" && CONTRIBUTED.has(operator));
  if (!isKnown) refuse("foreign_operators", `The operator "${operator}" of "${domain}" is not run here.`);
  if (RANDOM.has(operator)) refuse("random", `The operator ${operator} answers by chance.`);
  const training = inputs[2] ?? "";
  if (operator === "Dropout" && training !== "" && constants.get(training)?.[0] !== 0)
    refuse("random", "Its Dropout can be set to training, and answers by chance then.");
  if (operator === "StringNormalizer" && !isOfFixedLocale(node))
    refuse(
      "locale",
      "Its StringNormalizer changes case by the language of the machine; its locale must be C or C.UTF-8.",
    );
  if (operator === "TreeEnsembleClassifier" && hasOddLeafClass(node))
    refuse(
      "leaf_class",
      "Its trees of two classes hold one weight a leaf, for the second class: what the first class scores is read differently everywhere.",
    );
}

function isOfFixedLocale({ attributes }: OnnxNode): boolean {
  const said = (name: string) => [...(attributes.get(name)?.values ?? [])][0];
  const action = said("case_change_action") ?? "NONE";
  const drops = (attributes.get("stopwords")?.count ?? 0) > 0 && said("is_case_sensitive") !== 1;
  if (action === "NONE" && !drops) return true;
  return said("locale") === "C" || said("locale") === "C.UTF-8";
}

function hasOddLeafClass({ attributes }: OnnxNode): boolean {
  const names = ["classlabels_int64s", "classlabels_strings"];
  const classes = Math.max(...names.map((name) => attributes.get(name)?.count ?? 0));
  const leaves = attributes.get("class_ids")?.values;
  return classes === 2 && leaves?.size === 1 && !leaves.has(0);
}

/** Where its bytes are, if not in the file: in a file of the bundle, and no byte beyond it. */
function placeOutside({ outside, name }: OnnxTensor, beside: FilesBeside): string[] {
  if (!outside) return [];
  const location = outside["location"] ?? "";
  const sizeBytes = Object.hasOwn(beside, location) ? beside[location] : undefined;
  if (sizeBytes === undefined)
    refuse(
      "external_data",
      `It asks for weights from "${location.slice(0, 60)}", which is no file of its bundle.`,
    );
  const [offset, length] = [Number(outside["offset"] ?? 0), Number(outside["length"] ?? Number.NaN)];
  if (
    ![offset, length].every((number) => Number.isSafeInteger(number) && number >= 0) ||
    offset + length > sizeBytes
  )
    refuse("external_data", `The weights ${name.slice(0, 60)} are not where the file says, in ${location}.`);
  return [location];
}

/** What a run must be given: an input that has a weight of its name has its value already. */
function inputsOf({ inputs, weights }: OnnxGraph): OnnxValue[] {
  const given = new Set(weights.map(({ name }) => name));
  return inputs.filter(({ name }) => !given.has(name));
}

function portOf({ name, type, shape }: OnnxValue): OnnxPort {
  return { name, type: elementNames[type] ?? null, shape };
}

function refuse(code: OnnxRefusal, message: string): never {
  throw new Refused(code, message);
}
