import { BYTES, VARINT, eachField, malformed, textOf } from "./onnx-fields";
import { typeOf } from "./onnx-types";
import {
  type ArtifactCheck,
  type ArtifactReader,
  StructureCursor,
  StructureError,
  refuseOnError,
} from "./structure-cursor";

const LIMITS = {
  depth: 16,
  nodes: 1_000_000,
  tensors: 1_000_000,
  operators: 200,
  classes: 1_000,
} as const;

/** Bits of an element by TensorProto.DataType; texts (8) have none. */
const ELEMENT_BITS: ReadonlyMap<number, number> = new Map([
  ...[2, 3, 9, 17, 18, 19, 20, 24].map((type) => [type, 8] as const),
  ...[4, 5, 10, 16].map((type) => [type, 16] as const),
  ...[1, 6, 12].map((type) => [type, 32] as const),
  ...[7, 11, 13, 14].map((type) => [type, 64] as const),
  [15, 128],
  ...[21, 22, 23].map((type) => [type, 4] as const),
  ...[25, 26].map((type) => [type, 2] as const),
]);

type Seen = {
  cursor: StructureCursor;
  irVersion: number;
  opsets: string[];
  producer: string;
  graphs: number;
  nodes: number;
  tensors: number;
  parameters: number;
  operators: Set<string>;
  inputs: string[];
  outputs: string[];
  /** Of each input and output: "float32[rows,4]"; what is no tensor is called by what it is. */
  inputTypes: string[];
  outputTypes: string[];
  labels: string[];
};

/**
 * Checks an ONNX file by walking its protobuf structure: valid wire format throughout, one graph with nodes and
 * operator sets, weights as long as their dimensions say, and none that ask for another file. Weights are
 * stepped over, not read. Whether a model may be *run* here is a stricter question, asked elsewhere.
 */
export function checkOnnx(reader: ArtifactReader): Promise<ArtifactCheck> {
  return refuseOnError("onnx", async () => {
    const seen: Seen = {
      cursor: new StructureCursor(reader),
      irVersion: 0,
      opsets: [],
      producer: "",
      graphs: 0,
      nodes: 0,
      tensors: 0,
      parameters: 0,
      operators: new Set(),
      inputs: [],
      outputs: [],
      inputTypes: [],
      outputTypes: [],
      labels: [],
    };
    await walkModel(seen, reader.sizeBytes);
    if (seen.irVersion === 0 || seen.graphs === 0) throw malformed("it holds no network");
    if (seen.opsets.length === 0) throw malformed("it names no operator set");
    if (seen.nodes === 0) throw malformed("its network has no operators");
    return {
      irVersion: seen.irVersion,
      opsets: seen.opsets,
      producer: seen.producer,
      nodeCount: seen.nodes,
      initializerCount: seen.tensors,
      parameterCount: seen.parameters,
      operators: [...seen.operators].sort(),
      inputs: seen.inputs,
      outputs: seen.outputs,
      inputTypes: seen.inputTypes,
      outputTypes: seen.outputTypes,
      labels: seen.labels,
    };
  });
}

/** True when the first bytes could open an ONNX model: a small `ir_version` as first field. */
export function looksLikeOnnx(head: Uint8Array): boolean {
  return head[0] === 0x08 && (head[1] ?? 0) > 0 && (head[1] ?? 0) < 128 && head.length > 2;
}

async function walkModel(seen: Seen, end: number): Promise<void> {
  await eachField(seen, end, async ({ number, wireType, value, end: fieldEnd }) => {
    if (number === 1 && wireType === VARINT) seen.irVersion = value;
    else if (number === 2 && wireType === BYTES) seen.producer = await textOf(seen, value);
    else if (number === 7 && wireType === BYTES) {
      seen.graphs += 1;
      if (seen.graphs > 1) throw malformed("it holds two networks");
      await walkGraph(seen, fieldEnd, 0);
    } else if (number === 8 && wireType === BYTES) await walkOpset(seen, fieldEnd);
    else if (number === 25 && wireType === BYTES) await walkFunction(seen, fieldEnd);
    else if (number === 20 && wireType === BYTES) await walkTraining(seen, fieldEnd);
    else if (![3, 4, 5, 6, 14, 26].includes(number)) throw malformed("it has fields no ONNX model has");
  });
}

async function walkOpset(seen: Seen, end: number): Promise<void> {
  let domain = "";
  let version = 0;
  await eachField(seen, end, async ({ number, wireType, value }) => {
    if (number === 1 && wireType === BYTES) domain = await textOf(seen, value);
    else if (number === 2 && wireType === VARINT) version = value;
  });
  if (seen.opsets.length >= LIMITS.operators) throw malformed("it names too many operator sets");
  seen.opsets.push(`${domain === "" ? "ai.onnx" : domain} ${version}`);
}

async function walkFunction(seen: Seen, end: number): Promise<void> {
  await eachField(seen, end, async ({ number, wireType, end: fieldEnd }) => {
    if (number === 7 && wireType === BYTES) await walkNode(seen, fieldEnd, 1);
    else if (number === 11 && wireType === BYTES) await walkAttribute(seen, fieldEnd, 1);
  });
}

async function walkTraining(seen: Seen, end: number): Promise<void> {
  await eachField(seen, end, async ({ number, wireType, end: fieldEnd }) => {
    if ((number === 1 || number === 2) && wireType === BYTES) await walkGraph(seen, fieldEnd, 1);
  });
}

async function walkGraph(seen: Seen, end: number, depth: number): Promise<void> {
  if (depth > LIMITS.depth) throw malformed("its networks are nested too deeply");
  await eachField(seen, end, async ({ number, wireType, end: fieldEnd }) => {
    if (wireType !== BYTES) return;
    if (number === 1) await walkNode(seen, fieldEnd, depth);
    else if (number === 5) await walkTensor(seen, fieldEnd, true);
    else if (number === 15) await walkSparse(seen, fieldEnd);
    else if (number === 11 && depth === 0) await walkValue(seen, fieldEnd, seen.inputs, seen.inputTypes);
    else if (number === 12 && depth === 0) await walkValue(seen, fieldEnd, seen.outputs, seen.outputTypes);
  });
}

async function walkValue(seen: Seen, end: number, names: string[], types: string[]): Promise<void> {
  let [name, type] = ["", "unknown"];
  await eachField(seen, end, async ({ number, wireType, value, end: fieldEnd }) => {
    if (number === 1 && wireType === BYTES) name = await textOf(seen, value);
    else if (number === 2 && wireType === BYTES) type = await typeOf(seen, fieldEnd);
  });
  if (names.length >= LIMITS.operators) return;
  names.push(name);
  types.push(type);
}

async function walkNode(seen: Seen, end: number, depth: number): Promise<void> {
  seen.nodes += 1;
  if (seen.nodes > LIMITS.nodes)
    throw new StructureError("too_large", "Its network has more than a million operators.");
  await eachField(seen, end, async ({ number, wireType, value, end: fieldEnd }) => {
    if (number === 4 && wireType === BYTES) {
      const operator = await textOf(seen, value);
      if (seen.operators.size < LIMITS.operators) seen.operators.add(operator);
    } else if (number === 5 && wireType === BYTES) await walkAttribute(seen, fieldEnd, depth);
  });
}

/** Lists of classes, as classifiers of ai.onnx.ml and label maps hold them. */
const CLASS_LISTS = ["classlabels_strings", "classlabels_int64s", "classlabels_ints"];

async function walkAttribute(seen: Seen, end: number, depth: number): Promise<void> {
  let name = "";
  const listed: string[] = [];
  await eachField(seen, end, async ({ number, wireType, value, end: fieldEnd }) => {
    if (number === 8 && CLASS_LISTS.includes(name)) {
      if (wireType === VARINT) listed.push(String(value));
      else
        while (wireType === BYTES && seen.cursor.position < fieldEnd)
          listed.push(String(await seen.cursor.takeVarint(fieldEnd)));
      return;
    }
    if (wireType !== BYTES) return;
    if (number === 1) name = await textOf(seen, value);
    else if (number === 9 && CLASS_LISTS.includes(name)) listed.push(await textOf(seen, value));
    else if (number === 5 || number === 10) await walkTensor(seen, fieldEnd, false);
    else if (number === 6 || number === 11) await walkGraph(seen, fieldEnd, depth + 1);
    else if (number === 22 || number === 23) await walkSparse(seen, fieldEnd);
  });
  // Below zero a number is longer than this reads.
  if (
    listed.length > 1 &&
    !listed.some((label) => /^\d{16,}$/.test(label)) &&
    listed.length <= LIMITS.classes
  )
    seen.labels = listed;
}

async function walkSparse(seen: Seen, end: number): Promise<void> {
  await eachField(seen, end, async ({ number, wireType, end: fieldEnd }) => {
    if ((number === 1 || number === 2) && wireType === BYTES) await walkTensor(seen, fieldEnd, true);
  });
}

async function walkTensor(seen: Seen, end: number, isWeight: boolean): Promise<void> {
  let elements = 1n;
  let type = 0;
  let rawBytes: number | null = null;
  await eachField(seen, end, async ({ number, wireType, value, end: fieldEnd }) => {
    if (number === 13 || (number === 14 && value !== 0)) {
      throw new StructureError(
        "external_data",
        "It asks for weights from another file, which could be any file.",
      );
    }
    if (number === 1 && wireType === VARINT) elements *= dimension(value);
    else if (number === 1 && wireType === BYTES) {
      while (seen.cursor.position < fieldEnd) elements *= dimension(await seen.cursor.takeVarint(fieldEnd));
    } else if (number === 2 && wireType === VARINT) type = value;
    else if (number === 9 && wireType === BYTES) rawBytes = value;
  });
  const bits = ELEMENT_BITS.get(type);
  if (type !== 8 && bits === undefined)
    throw new StructureError("unsupported_type", "A weight's type is not known.");
  if (rawBytes !== null && (bits === undefined || BigInt(rawBytes) !== (elements * BigInt(bits) + 7n) / 8n)) {
    throw new StructureError("size_mismatch", "A weight is not as long as its dimensions and type say.");
  }
  if (!isWeight) return;
  seen.tensors += 1;
  seen.parameters += Number(elements);
  if (seen.tensors > LIMITS.tensors)
    throw new StructureError("too_large", "It holds more than a million weights.");
}

function dimension(size: number): bigint {
  if (!Number.isSafeInteger(size)) throw malformed("a weight has an impossible dimension");
  return BigInt(size);
}
