import {
  type ArtifactCheck,
  type ArtifactReader,
  StructureCursor,
  StructureError,
  decodeText,
  refuseOnError,
  shownText,
} from "./structure-cursor";

const LIMITS = {
  depth: 16,
  nodes: 1_000_000,
  tensors: 1_000_000,
  textBytes: 1024 * 1024,
  operators: 200,
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

const VARINT = 0;
const BYTES = 2;

type Field = { number: number; wireType: number; value: number; end: number };

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
    else if ((number === 11 || number === 12) && depth === 0) {
      const names = number === 11 ? seen.inputs : seen.outputs;
      await eachField(seen, fieldEnd, async (field) => {
        if (field.number !== 1 || field.wireType !== BYTES) return;
        const name = await textOf(seen, field.value);
        if (names.length < LIMITS.operators) names.push(name);
      });
    }
  });
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

async function walkAttribute(seen: Seen, end: number, depth: number): Promise<void> {
  await eachField(seen, end, async ({ number, wireType, end: fieldEnd }) => {
    if (wireType !== BYTES) return;
    if (number === 5 || number === 10) await walkTensor(seen, fieldEnd, false);
    else if (number === 6 || number === 11) await walkGraph(seen, fieldEnd, depth + 1);
    else if (number === 22 || number === 23) await walkSparse(seen, fieldEnd);
  });
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

/** Visits the fields of one message up to `end`; whatever a visitor leaves of a field is stepped over. */
async function eachField(seen: Seen, end: number, visit: (field: Field) => Promise<void>): Promise<void> {
  const { cursor } = seen;
  while (cursor.position < end) {
    const tag = await cursor.takeVarint(end);
    const number = Math.floor(tag / 8);
    const wireType = tag % 8;
    if (number === 0 || number > 536_870_911) throw malformed("a field number is wrong");
    let value = 0;
    let length = 0;
    if (wireType === VARINT) value = await cursor.takeVarint(end);
    else if (wireType === BYTES) value = length = await cursor.takeVarint(end);
    else if (wireType === 1) length = 8;
    else if (wireType === 5) length = 4;
    else throw malformed("its wire format is broken");
    if (length > end - cursor.position)
      throw new StructureError("truncated", "A length in it reaches past the end.");
    const fieldEnd = cursor.position + length;
    await visit({ number, wireType, value, end: fieldEnd });
    cursor.skip(fieldEnd - cursor.position);
  }
}

async function textOf(seen: Seen, length: number): Promise<string> {
  if (length > LIMITS.textBytes)
    throw new StructureError("too_large", "A name in it is longer than a megabyte.");
  return shownText(decodeText(await seen.cursor.take(length)));
}

function malformed(what: string): StructureError {
  return new StructureError("malformed", `This is not a sound ONNX file: ${what}.`);
}
