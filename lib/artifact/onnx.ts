import { elementNames } from "./onnx-elements";
import { gateOf } from "./onnx-gate";
import { type OnnxModel, type OnnxNode, type OnnxValue, allGraphs, readOnnx } from "./onnx-walk";
import {
  type ArtifactCheck,
  type ArtifactFacts,
  type ArtifactReader,
  StructureError,
  refuseOnError,
} from "./structure-cursor";

const MAX_LISTED = 200;
const MAX_CLASSES = 1_000;
const CLASS_LISTS = ["classlabels_strings", "classlabels_int64s", "classlabels_ints"];

/**
 * Checks an ONNX file by its structure: valid wire format throughout, one graph with nodes and operator sets, weights as long
 * as their dimensions say, and none that ask for another file. Whether it may be *run* here is another question, whose
 * answer is among the facts: `onnx-gate.ts`.
 */
export function checkOnnx(reader: ArtifactReader): Promise<ArtifactCheck> {
  return refuseOnError("onnx", async () => {
    const model = await readOnnx(reader);
    const { irVersion, opsets, producer, graph, functions } = model;
    const graphs = [graph, ...functions.map((one) => one.graph)].flatMap(allGraphs);
    const nodes = graphs.flatMap((one) => one.nodes);
    const weights = graphs.flatMap((one) => one.weights);
    const inAttributes = nodes.flatMap(({ attributes }) =>
      [...attributes.values()].map(({ tensor }) => tensor),
    );
    if ([...weights, ...inAttributes].some((tensor) => tensor?.outside))
      throw new StructureError(
        "external_data",
        "It asks for weights from another file, which could be any file.",
      );
    return {
      irVersion,
      opsets: opsets.map(({ domain, version }) => `${domain === "" ? "ai.onnx" : domain} ${version}`),
      producer,
      nodeCount: nodes.length,
      initializerCount: weights.length,
      parameterCount: weights.reduce((sum, { size }) => sum + size, 0),
      operators: [...new Set(nodes.map(({ operator }) => operator))].sort().slice(0, MAX_LISTED),
      inputs: graph.inputs.slice(0, MAX_LISTED).map(({ name }) => name),
      outputs: graph.outputs.slice(0, MAX_LISTED).map(({ name }) => name),
      inputTypes: graph.inputs.slice(0, MAX_LISTED).map(writtenType),
      outputTypes: graph.outputs.slice(0, MAX_LISTED).map(writtenType),
      labels: labelsIn(nodes),
      ...runFacts(model),
    };
  });
}

/** What a run has to know, as far as the file says; or why it will not be run. */
function runFacts(model: OnnxModel): ArtifactFacts {
  const verdict = gateOf(model, {});
  if (!verdict.accepted) return { whyNotRun: verdict.message };
  const { neighbours, quantised, classifier } = verdict.summary.facts;
  const named = classifier && {
    scoresOutput: classifier.scoresOutput ?? "",
    labelOutput: classifier.labelOutput ?? "",
  };
  return { neighbours: [...neighbours], quantised, ...named };
}

/** "float32[?,4]" of a table, with "?" for a size that is not a number; "unknown" of anything else. */
function writtenType({ type, shape }: OnnxValue): string {
  const name = elementNames[type];
  return name
    ? `${name}[${(shape ?? []).map((size) => (typeof size === "number" ? size : "?")).join(",")}]`
    : "unknown";
}

/** The classes that a classifier or a map of labels names, where that is a list a person can read. */
function labelsIn(nodes: readonly OnnxNode[]): string[] {
  const lists = nodes.flatMap(({ attributes }) => CLASS_LISTS.flatMap((name) => attributes.get(name) ?? []));
  const listed = lists.find(
    ({ count, values }) => count > 1 && count === values.size && count <= MAX_CLASSES,
  );
  return [...(listed?.values ?? [])].map(String);
}

/** True when the first bytes could open an ONNX model: a small `ir_version` as first field. */
export function looksLikeOnnx(head: Uint8Array): boolean {
  return head[0] === 0x08 && (head[1] ?? 0) > 0 && (head[1] ?? 0) < 128 && head.length > 2;
}
