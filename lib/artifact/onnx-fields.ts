import { type StructureCursor, StructureError, decodeText, shownText } from "./structure-cursor";

/** The protobuf of an ONNX file, field by field. */

export const VARINT = 0;
export const BYTES = 2;
const MAX_TEXT_BYTES = 1024 * 1024;

export type Field = { number: number; wireType: number; value: number; end: number };
/** Whatever is walked. */
type Walked = { cursor: StructureCursor };

/** Visits the fields of one message up to `end`; whatever a visitor leaves of a field is stepped over. */
export async function eachField(
  seen: Walked,
  end: number,
  visit: (field: Field) => Promise<void>,
): Promise<void> {
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

export async function textOf(seen: Walked, length: number): Promise<string> {
  if (length > MAX_TEXT_BYTES)
    throw new StructureError("too_large", "A name in it is longer than a megabyte.");
  return shownText(decodeText(await seen.cursor.take(length)));
}

export function malformed(what: string): StructureError {
  return new StructureError("malformed", `This is not a sound ONNX file: ${what}.`);
}
