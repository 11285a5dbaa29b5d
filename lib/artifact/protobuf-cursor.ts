import { type StructureCursor, StructureError } from "./structure-cursor";

export const VARINT = 0;
export const BYTES = 2;

/** `value` is the number of a varint, the length of everything else. */
export type Field = { number: number; wireType: number; value: number; end: number };

/** Visits the fields of one protobuf message up to `end`; whatever a visitor leaves of a field is stepped over. */
export async function eachField(
  cursor: StructureCursor,
  end: number,
  visit: (field: Field) => Promise<void>,
): Promise<void> {
  while (cursor.position < end) {
    const tag = await cursor.takeVarint(end);
    const number = Math.floor(tag / 8);
    const wireType = tag % 8;
    if (number < 1 || number > 536_870_911) throw malformed("a field number is wrong");
    let value = 0;
    let length = 0;
    if (wireType === VARINT) value = await cursor.takeVarint(end);
    else if (wireType === BYTES) value = length = await cursor.takeVarint(end);
    else if (wireType === 1) length = 8;
    else if (wireType === 5) length = 4;
    else throw malformed("its wire format is broken");
    if (length < 0 || length > end - cursor.position)
      throw new StructureError("truncated", "A length in it reaches past the end.");
    const fieldEnd = cursor.position + length;
    await visit({ number, wireType, value, end: fieldEnd });
    cursor.skip(fieldEnd - cursor.position);
  }
}

export function malformed(what: string): StructureError {
  return new StructureError("malformed", `This is not a sound ONNX file: ${what}.`);
}
