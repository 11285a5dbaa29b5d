import { type OnnxTensor, type Walk, addEntry, tensorOf, textOf } from "./onnx-tensor";
import { type ArtifactReader, StructureCursor, StructureError, shownText } from "./structure-cursor";
import { VARINT, BYTES, eachField, malformed } from "./protobuf-cursor";

/** A list of an attribute: how long it is, and its first different values; numbers of floats are counted only. */
export type OnnxAttribute = {
  count: number;
  values: ReadonlySet<string | number>;
  tensor: OnnxTensor | null;
};

export type OnnxNode = {
  operator: string;
  /** Empty for the standard operators. */
  domain: string;
  inputs: readonly string[];
  outputs: readonly string[];
  attributes: ReadonlyMap<string, OnnxAttribute>;
  graphs: readonly OnnxGraph[];
};
/** `shape` is null where nothing is said; a size is a number, a name, or unsaid. `type` 0: no table. */
export type OnnxValue = { name: string; type: number; shape: (number | string | null)[] | null };
export type OnnxGraph = {
  nodes: OnnxNode[];
  weights: OnnxTensor[];
  sparseWeights: number;
  inputs: OnnxValue[];
  outputs: OnnxValue[];
  inner: OnnxValue[];
};
export type OnnxModel = {
  irVersion: number;
  producer: string;
  opsets: { domain: string; version: number }[];
  metadata: ReadonlyMap<string, string>;
  graph: OnnxGraph;
  functions: { domain: string; name: string; graph: OnnxGraph }[];
  trainingGraphs: number;
};

const LIMITS = {
  depth: 16,
  nodes: 200_000,
  /** Longer texts of an attribute are counted only. */
  attributeBytes: 1_000,
  listed: 1_000,
  opsets: 200,
} as const;

/**
 * The structure of an ONNX file, networks within networks included; weights are stepped over. Of a gigabyte, what is not
 * weights is read. Throws StructureError where the wire format or a size is not sound.
 */
export async function readOnnx(reader: ArtifactReader): Promise<OnnxModel> {
  const walk: Walk = { cursor: new StructureCursor(reader), nodes: 0, tensors: 0 };
  const metadata = new Map<string, string>();
  let graph: OnnxGraph | null = null;
  const model = { irVersion: 0, producer: "", metadata, trainingGraphs: 0 };
  const opsets: OnnxModel["opsets"] = [];
  const functions: OnnxModel["functions"] = [];
  await eachField(walk.cursor, reader.sizeBytes, async ({ number, wireType, value, end }) => {
    if (number === 1 && wireType === VARINT) model.irVersion = value;
    else if (number === 2 && wireType === BYTES) model.producer = shownText(await textOf(walk, value));
    else if (number === 7 && wireType === BYTES) {
      if (graph) throw malformed("it holds two networks");
      graph = await graphOf(walk, end, 0);
    } else if (number === 8 && wireType === BYTES) opsets.push(await opsetOf(walk, end));
    else if (number === 14 && wireType === BYTES) await addEntry(walk, end, metadata);
    else if (number === 25 && wireType === BYTES) functions.push(await functionOf(walk, end));
    else if (number === 20 && wireType === BYTES) model.trainingGraphs += 1 + (await trainingOf(walk, end));
    else if (![3, 4, 5, 6, 26].includes(number)) throw malformed("it has fields no ONNX model has");
    if (opsets.length > LIMITS.opsets) throw malformed("it names too many operator sets");
  });
  if (model.irVersion === 0 || !graph) throw malformed("it holds no network");
  if (opsets.length === 0) throw malformed("it names no operator set");
  if (walk.nodes === 0) throw malformed("its network has no operators");
  return { ...model, opsets, functions, graph };
}

async function opsetOf(walk: Walk, end: number) {
  const opset = { domain: "", version: 0 };
  await eachField(walk.cursor, end, async ({ number, wireType, value }) => {
    if (number === 1 && wireType === BYTES) opset.domain = standard(shownText(await textOf(walk, value)));
    else if (number === 2 && wireType === VARINT) opset.version = value;
  });
  return opset;
}

/** The standard operators are named by an empty domain or by `ai.onnx`. */
const standard = (domain: string) => (domain === "ai.onnx" ? "" : domain);

async function functionOf(walk: Walk, end: number) {
  const graph = emptyGraph();
  const named = { domain: "", name: "" };
  await eachField(walk.cursor, end, async ({ number, wireType, value, end: fieldEnd }) => {
    if (wireType !== BYTES) return;
    if (number === 1) named.name = await textOf(walk, value);
    else if (number === 7) graph.nodes.push(await nodeOf(walk, fieldEnd, 1));
    else if (number === 10) named.domain = standard(await textOf(walk, value));
    else if (number === 11) await attributeOf(walk, fieldEnd, 1);
  });
  return { ...named, graph };
}

async function trainingOf(walk: Walk, end: number): Promise<number> {
  let graphs = 0;
  await eachField(walk.cursor, end, async ({ number, wireType, end: fieldEnd }) => {
    if ((number !== 1 && number !== 2) || wireType !== BYTES) return;
    await graphOf(walk, fieldEnd, 1);
    graphs += 1;
  });
  return graphs;
}

const emptyGraph = (): OnnxGraph => ({
  nodes: [],
  weights: [],
  sparseWeights: 0,
  inputs: [],
  outputs: [],
  inner: [],
});

async function graphOf(walk: Walk, end: number, depth: number): Promise<OnnxGraph> {
  if (depth > LIMITS.depth) throw malformed("its networks are nested too deeply");
  const graph = emptyGraph();
  await eachField(walk.cursor, end, async ({ number, wireType, end: fieldEnd }) => {
    if (wireType !== BYTES) return;
    if (number === 1) graph.nodes.push(await nodeOf(walk, fieldEnd, depth));
    else if (number === 5) graph.weights.push(await tensorOf(walk, fieldEnd));
    else if (number === 15) graph.sparseWeights += await sparseOf(walk, fieldEnd, graph.weights);
    else if (number === 11) graph.inputs.push(await valueOf(walk, fieldEnd));
    else if (number === 12) graph.outputs.push(await valueOf(walk, fieldEnd));
    else if (number === 13) graph.inner.push(await valueOf(walk, fieldEnd));
  });
  return graph;
}

async function nodeOf(walk: Walk, end: number, depth: number): Promise<OnnxNode> {
  walk.nodes += 1;
  if (walk.nodes > LIMITS.nodes)
    throw new StructureError("too_large", `Its network has more than ${LIMITS.nodes} operators.`);
  const named = { operator: "", domain: "" };
  const [inputs, outputs]: [string[], string[]] = [[], []];
  const attributes = new Map<string, OnnxAttribute>();
  const graphs: OnnxGraph[] = [];
  await eachField(walk.cursor, end, async ({ number, wireType, value, end: fieldEnd }) => {
    if (wireType !== BYTES) return;
    if (number === 1) inputs.push(await textOf(walk, value));
    else if (number === 2) outputs.push(await textOf(walk, value));
    else if (number === 4) named.operator = shownText(await textOf(walk, value));
    else if (number === 7) named.domain = standard(shownText(await textOf(walk, value)));
    else if (number === 5) {
      const { name, attribute, inside } = await attributeOf(walk, fieldEnd, depth);
      attributes.set(name, attribute);
      graphs.push(...inside);
    }
  });
  return { ...named, inputs, outputs, attributes, graphs };
}

async function attributeOf(walk: Walk, end: number, depth: number) {
  const values = new Set<string | number>();
  const inside: OnnxGraph[] = [];
  let [name, count] = ["", 0];
  let tensor: OnnxTensor | null = null;
  const add = (value: string | number) => {
    count += 1;
    if (values.size < LIMITS.listed) values.add(value);
  };
  await eachField(walk.cursor, end, async ({ number, wireType, value, end: fieldEnd }) => {
    if (number === 1 && wireType === BYTES) name = await textOf(walk, value);
    else if ((number === 3 || number === 8) && wireType === VARINT) add(value);
    else if (number === 8 && wireType === BYTES)
      while (walk.cursor.position < fieldEnd) add(await walk.cursor.takeVarint(fieldEnd));
    else if ((number === 4 || number === 9) && wireType === BYTES) {
      if (value > LIMITS.attributeBytes) count += 1;
      else add(new TextDecoder().decode(await walk.cursor.take(value)));
    } else if ((number === 5 || number === 10) && wireType === BYTES) tensor = await tensorOf(walk, fieldEnd);
    else if ((number === 6 || number === 11) && wireType === BYTES)
      inside.push(await graphOf(walk, fieldEnd, depth + 1));
    else if ((number === 22 || number === 23) && wireType === BYTES) await sparseOf(walk, fieldEnd, []);
  });
  return { name, attribute: { count, values, tensor }, inside };
}

async function sparseOf(walk: Walk, end: number, weights: OnnxTensor[]): Promise<number> {
  await eachField(walk.cursor, end, async ({ number, wireType, end: fieldEnd }) => {
    if ((number === 1 || number === 2) && wireType === BYTES) weights.push(await tensorOf(walk, fieldEnd));
  });
  return 1;
}

async function valueOf(walk: Walk, end: number): Promise<OnnxValue> {
  const value: OnnxValue = { name: "", type: 0, shape: null };
  const { cursor } = walk;
  const dimensionOf = async (dimensionEnd: number) => {
    let size: number | string | null = null;
    await eachField(cursor, dimensionEnd, async ({ number, wireType, value: at }) => {
      if (number === 1 && wireType === VARINT) size = at;
      else if (number === 2 && wireType === BYTES) size = shownText(await textOf(walk, at));
    });
    return size;
  };
  const shapeOf = (shapeEnd: number) => {
    const shape: (number | string | null)[] = (value.shape = []);
    return eachField(cursor, shapeEnd, async ({ number, wireType, end: at }) => {
      if (number === 1 && wireType === BYTES) shape.push(await dimensionOf(at));
      if (shape.length > LIMITS.listed) throw malformed("a table has too many dimensions");
    });
  };
  const tableOf = (tableEnd: number) =>
    eachField(cursor, tableEnd, async ({ number, wireType, value: at, end: fieldEnd }) => {
      if (number === 1 && wireType === VARINT) value.type = at;
      else if (number === 2 && wireType === BYTES) await shapeOf(fieldEnd);
    });
  await eachField(cursor, end, async ({ number, wireType, value: at, end: fieldEnd }) => {
    if (number === 1 && wireType === BYTES) value.name = shownText(await textOf(walk, at));
    else if (number === 2 && wireType === BYTES)
      await eachField(cursor, fieldEnd, async (kind) => {
        if (kind.number === 1 && kind.wireType === BYTES) await tableOf(kind.end);
      });
  });
  return value;
}

/** A network and those within its operators. */
export function allGraphs(graph: OnnxGraph): OnnxGraph[] {
  return [graph, ...graph.nodes.flatMap(({ graphs }) => graphs.flatMap(allGraphs))];
}
