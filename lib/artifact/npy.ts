import { RUNS_CODE } from "./pickle";
import {
  type ArtifactCheck,
  type ArtifactReader,
  StructureCursor,
  StructureError,
  decodeText,
  refuseOnError,
} from "./structure-cursor";

export const NPY_MARK = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] as const;

const MAX_HEADER_BYTES = 10_000;
const MAX_DIMENSIONS = 32;

const HEADER =
  /^\{\s*'descr'\s*:\s*(?<descr>'[^']*'|\[.*\])\s*,\s*'fortran_order'\s*:\s*(?:True|False)\s*,\s*'shape'\s*:\s*\((?<shape>[\d\s,]*)\)\s*,?\s*\}\s*$/s;
/** Truth values, whole and floating-point numbers, and pairs of them: their letter, and how many bytes they may have. */
const NUMBER = /^[<>|=]?(?:b1|[iu][1248]|f(?:2|4|8|16)|c(?:8|16|32))$/;

/**
 * Checks a NumPy array file (versions 1 to 3): a header of at most 10,000 bytes in the form NumPy writes, an array of
 * plain numbers, and exactly as many bytes as its shape says. An array of Python objects is a pickle and refused.
 */
export function checkNpy(reader: ArtifactReader): Promise<ArtifactCheck> {
  return refuseOnError("npy", async () => {
    const cursor = new StructureCursor(reader);
    cursor.skip(NPY_MARK.length);
    const [version = 0] = await cursor.take(2);
    if (version < 1 || version > 3)
      throw new StructureError("unsupported_version", "Only versions 1 to 3 of .npy can be read.");
    const headerBytes =
      version === 1 ? (await cursor.takeView(2)).getUint16(0, true) : await cursor.takeUint32();
    if (headerBytes > MAX_HEADER_BYTES)
      throw new StructureError("too_large", "Its header is larger than 10,000 bytes.");
    const header = HEADER.exec(decodeText(await cursor.take(headerBytes)))?.groups;
    if (!header) throw malformed("its header is not in the form NumPy writes");
    const type = typeOf(header.descr ?? "");
    const shape = (header.shape ?? "")
      .split(",")
      .map((size) => size.trim())
      .filter((size) => size !== "");
    if (shape.length > MAX_DIMENSIONS || !shape.every((size) => /^\d{1,15}$/.test(size)))
      throw malformed("its shape is wrong");
    const elements = shape.reduce((product, size) => product * BigInt(size), 1n);
    const bytes = elements * BigInt(/\d+$/.exec(type)?.[0] ?? 0);
    if (bytes !== BigInt(reader.sizeBytes - cursor.position))
      throw new StructureError("size_mismatch", "The array is not as long as its shape and type say.");
    return { type, shape, parameterCount: Number(elements) };
  });
}

function typeOf(descr: string): string {
  if (/'[<>|=]?O\d*'/.test(descr)) {
    throw new StructureError(
      "runs_code",
      `This is a NumPy array of Python objects, which is a pickle. ${RUNS_CODE}; save numbers as a plain array and words as text.`,
    );
  }
  const type = descr.slice(1, -1);
  if (!NUMBER.test(type))
    throw new StructureError("unsupported_type", "Only arrays of plain numbers are kept.");
  return type;
}

function malformed(what: string): StructureError {
  return new StructureError("malformed", `This is not a sound .npy file: ${what}.`);
}
