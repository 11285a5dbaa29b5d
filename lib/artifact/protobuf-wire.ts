/** Reads protobuf's wire format without trusting a single length in it. */

export type WireField = { field: number; wireType: number; value: number; bytes: Uint8Array };

/** The bytes break the wire format. */
export class WireError extends Error {}

const MAX_FIELDS = 2_000_000;
const NO_BYTES = new Uint8Array();

/** All fields of one message, in file order. Throws `WireError` on anything malformed. */
export function readFields(message: Uint8Array): WireField[] {
  const fields: WireField[] = [];
  let offset = 0;
  while (offset < message.length) {
    const tag = readVarint(message, offset);
    const field = Math.floor(tag.value / 8);
    const wireType = tag.value % 8;
    if (field === 0) throw new WireError("field number 0");
    const read = readValue(message, tag.next, wireType);
    fields.push({ field, wireType, value: read.value, bytes: read.bytes });
    offset = read.next;
    if (fields.length > MAX_FIELDS) throw new WireError("too many fields");
  }
  return fields;
}

/** Numbers packed one after another. */
export function readPackedVarints(bytes: Uint8Array): number[] {
  const values: number[] = [];
  for (let offset = 0; offset < bytes.length;) {
    const read = readVarint(bytes, offset);
    values.push(read.value);
    offset = read.next;
  }
  return values;
}

/** UTF-8 text; throws `WireError` when it is not. */
export function readString(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new WireError("text is not UTF-8");
  }
}

function readValue(message: Uint8Array, offset: number, wireType: number) {
  if (wireType === 0) return { ...readVarint(message, offset), bytes: NO_BYTES };
  if (wireType === 1 || wireType === 5) return sliceOf(message, offset, wireType === 1 ? 8 : 4);
  if (wireType !== 2) throw new WireError(`wire type ${wireType}`);
  const length = readVarint(message, offset);
  return sliceOf(message, length.next, length.value);
}

function sliceOf(message: Uint8Array, offset: number, length: number) {
  const next = offset + length;
  if (!Number.isSafeInteger(next) || next > message.length)
    throw new WireError("a length reaches past the end");
  return { value: length, bytes: message.subarray(offset, next), next };
}

/** Up to 64 bits; a value past 2^53 keeps its size but not its last digits. */
function readVarint(message: Uint8Array, offset: number): { value: number; next: number } {
  let value = 0;
  for (let count = 0; count < 10; count += 1) {
    const byte = message[offset + count];
    if (byte === undefined) throw new WireError("a number is cut off");
    value += (byte & 127) * 2 ** (7 * count);
    if (byte < 128) return { value, next: offset + count + 1 };
  }
  throw new WireError("a number is longer than ten bytes");
}
