import { BYTES, VARINT, eachField, malformed } from "./protobuf-cursor";
import { type StructureCursor, StructureError, decodeText, shownText } from "./structure-cursor";

export type OnnxTensor = {
  name: string;
  type: number;
  /** Of elements. */
  size: number;
  /** Whole numbers, where there are at most eight. */
  values: readonly number[] | null;
  outside: Readonly<Record<string, string>> | null;
};
/** How far a walk through one file has come. */
export type Walk = { cursor: StructureCursor; nodes: number; tensors: number };

const LIMITS = { tensors: 200_000, textBytes: 1024 * 1024, entries: 1_000 } as const;

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

/** A weight, stepped over: its size must be what its dimensions and its type say. */
export async function tensorOf(walk: Walk, end: number): Promise<OnnxTensor> {
  const { cursor } = walk;
  walk.tensors += 1;
  if (walk.tensors > LIMITS.tensors)
    throw new StructureError("too_large", `It holds more than ${LIMITS.tensors} weights.`);
  const outside = new Map<string, string>();
  const held = { raw: null as number | null, head: new Uint8Array(), typed: [] as number[], floats: 0 };
  let [name, type, elements, isOutside] = ["", 0, 1n, false];
  await eachField(cursor, end, async ({ number, wireType, value, end: fieldEnd }) => {
    if (number === 1 && wireType === VARINT) elements *= dimension(value);
    else if (number === 1 && wireType === BYTES)
      while (cursor.position < fieldEnd) elements *= dimension(await cursor.takeVarint(fieldEnd));
    else if (number === 2 && wireType === VARINT) type = value;
    else if (number === 4) held.floats += wireType === BYTES ? value / 4 : 1;
    else if ((number === 5 || number === 7) && wireType === VARINT && held.typed.length < 8)
      held.typed.push(value);
    else if ((number === 5 || number === 7) && wireType === BYTES)
      while (cursor.position < fieldEnd && held.typed.length < 8)
        held.typed.push(await cursor.takeVarint(fieldEnd));
    else if (number === 8 && wireType === BYTES) name = await textOf(walk, value);
    else if (number === 9 && wireType === BYTES) {
      held.raw = value;
      if (value <= 64) held.head = Uint8Array.from(await cursor.take(value));
    } else if (number === 13 && wireType === BYTES) {
      isOutside = true;
      await addEntry(walk, fieldEnd, outside);
    } else if (number === 14) isOutside ||= value !== 0;
  });
  const bits = ELEMENT_BITS.get(type);
  if (type !== 8 && bits === undefined)
    throw new StructureError("unsupported_type", "A weight's type is not known.");
  const isOfSize =
    held.raw === null || (bits !== undefined && BigInt(held.raw) === (elements * BigInt(bits) + 7n) / 8n);
  if (
    !isOfSize ||
    (held.raw === null && type === 1 && held.floats > 0 && BigInt(Math.ceil(held.floats)) !== elements)
  )
    throw new StructureError("size_mismatch", "A weight is not as long as its dimensions and type say.");
  const values = elements > 8n ? null : held.raw === null ? held.typed : wholeNumbers(held.head, type);
  return {
    name,
    type,
    size: Number(elements),
    values,
    outside: isOutside ? Object.fromEntries(outside) : null,
  };
}

function wholeNumbers(raw: Uint8Array, type: number): number[] | null {
  const view = new DataView(raw.buffer);
  if (type === 9) return [...raw];
  if (type === 6) return Array.from({ length: raw.length / 4 }, (_, at) => view.getInt32(at * 4, true));
  if (type === 7)
    return Array.from({ length: raw.length / 8 }, (_, at) => Number(view.getBigInt64(at * 8, true)));
  return null;
}

function dimension(size: number): bigint {
  if (!Number.isSafeInteger(size) || size < 0) throw malformed("a weight has an impossible dimension");
  return BigInt(size);
}

/** A key and its text; a key that occurs twice would be read differently by different readers. */
export async function addEntry(walk: Walk, end: number, entries: Map<string, string>): Promise<void> {
  let [key, text] = ["", ""];
  await eachField(walk.cursor, end, async ({ number, wireType, value }) => {
    if (number === 1 && wireType === BYTES) key = await textOf(walk, value);
    else if (number === 2 && wireType === BYTES) text = await textOf(walk, value);
  });
  if (entries.has(key)) throw malformed(`it says ${shownText(key)} twice`);
  if (entries.size >= LIMITS.entries) throw malformed("it says too much of itself");
  entries.set(key, text);
}

export async function textOf({ cursor }: Walk, length: number): Promise<string> {
  if (length > LIMITS.textBytes)
    throw new StructureError("too_large", "A text in it is longer than a megabyte.");
  return decodeText(await cursor.take(length));
}
