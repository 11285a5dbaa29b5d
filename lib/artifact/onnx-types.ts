import { BYTES, VARINT, eachField } from "./onnx-fields";
import type { StructureCursor } from "./structure-cursor";

/** As ONNX Runtime calls them; those that rows of a table can be turned into, and the halves, to be named in a refusal. */
const ELEMENT_NAMES: ReadonlyMap<number, string> = new Map([
  [1, "float32"],
  [2, "uint8"],
  [3, "int8"],
  [6, "int32"],
  [7, "int64"],
  [8, "string"],
  [9, "bool"],
  [10, "float16"],
  [11, "float64"],
  [16, "bfloat16"],
]);

const MAX_DIMENSIONS = 16;

/** The type of an input or output: "float32[?,4]", or "sequence" and "map" of whatever. */
export async function typeOf(seen: Walked, end: number): Promise<string> {
  let found = "unknown";
  await eachField(seen, end, async ({ number, wireType, end: fieldEnd }) => {
    if (wireType !== BYTES) return;
    if (number !== 1) {
      found = number === 4 ? "sequence" : number === 5 ? "map" : "unknown";
      return;
    }
    let element = 0;
    let shape = "";
    await eachField(seen, fieldEnd, async (field) => {
      if (field.number === 1 && field.wireType === VARINT) element = field.value;
      else if (field.number === 2 && field.wireType === BYTES) shape = await shapeOf(seen, field.end);
    });
    found = `${ELEMENT_NAMES.get(element) ?? "unknown"}[${shape}]`;
  });
  return found;
}

/** Dimensions with commas between; one without a size or with a name only is "?". */
async function shapeOf(seen: Walked, end: number): Promise<string> {
  const sizes: string[] = [];
  await eachField(seen, end, async (dimensionField) => {
    if (dimensionField.number !== 1 || dimensionField.wireType !== BYTES) return;
    let size = "?";
    await eachField(seen, dimensionField.end, async ({ number, wireType, value }) => {
      if (number === 1 && wireType === VARINT) size = String(value);
    });
    if (sizes.length < MAX_DIMENSIONS) sizes.push(size);
  });
  return sizes.join(",");
}

type Walked = { cursor: StructureCursor };
