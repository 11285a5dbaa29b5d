import {
  type ArtifactCheck,
  type ArtifactFacts,
  type ArtifactReader,
  StructureCursor,
  StructureError,
  decodeText,
  refuseOnError,
  shownText,
} from "./structure-cursor";
import { isObject } from "@/lib/shared/is-object";

export const MAX_SAFETENSORS_HEADER_BYTES = 16 * 1024 * 1024;

const MAX_TENSORS = 200_000;
const MAX_DIMENSIONS = 32;

const BITS: ReadonlyMap<string, bigint> = new Map([
  ...["F4"].map((name) => [name, 4n] as const),
  ...["F6_E2M3", "F6_E3M2"].map((name) => [name, 6n] as const),
  ...["BOOL", "U8", "I8", "F8_E4M3", "F8_E4M3FNUZ", "F8_E5M2", "F8_E5M2FNUZ", "F8_E8M0"].map(
    (name) => [name, 8n] as const,
  ),
  ...["U16", "I16", "F16", "BF16"].map((name) => [name, 16n] as const),
  ...["U32", "I32", "F32"].map((name) => [name, 32n] as const),
  ...["U64", "I64", "F64", "C64"].map((name) => [name, 64n] as const),
]);

type Tensor = { name: string; dtype: string; begin: number; end: number; elements: bigint };

/**
 * Checks a safetensors file: header of at most 16 MiB, every tensor as long as its shape and type say, tensors
 * following each other without gap or overlap up to the last byte. Only the header is read.
 */
export function checkSafetensors(reader: ArtifactReader): Promise<ArtifactCheck> {
  return refuseOnError("safetensors", async () => {
    const cursor = new StructureCursor(reader);
    const headerBytes = await cursor.takeUint64();
    if (headerBytes < 2) throw malformed("its header is empty");
    if (headerBytes > MAX_SAFETENSORS_HEADER_BYTES) {
      throw new StructureError("too_large", "Its header is larger than 16 MB.");
    }
    const header = readHeader(decodeText(await cursor.take(headerBytes)));
    const dataBytes = reader.sizeBytes - cursor.position;
    assertContiguous(header.tensors, dataBytes);
    return factsOf(header.tensors, header.metadata);
  });
}

function readHeader(text: string): { tensors: Tensor[]; metadata: number } {
  let value: unknown;
  try {
    value = text.startsWith("{") ? JSON.parse(text) : null;
  } catch {
    throw malformed("its header is not JSON");
  }
  if (!isObject(value)) throw malformed("its header is not a JSON object");
  if (keysIn(text) !== keysOf(value)) throw malformed("a name in its header occurs twice");
  const { __metadata__: stated, ...entries } = value;
  const metadata = stated ?? {};
  if (!isObject(metadata) || Object.values(metadata).some((member) => typeof member !== "string")) {
    throw malformed("its metadata is not text");
  }
  const named = Object.entries(entries);
  if (named.length > MAX_TENSORS)
    throw new StructureError("too_large", "It holds more than 200,000 tensors.");
  return {
    tensors: named.map(([name, entry]) => readTensor(name, entry)),
    metadata: Object.keys(metadata).length,
  };
}

/** The keys of all objects in a sound JSON text: strings before a colon. JSON.parse keeps the last of two silently. */
function keysIn(text: string): number {
  let keys = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at)) {
    at += 1;
    while (text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
    at += 1;
    while (" \n\r\t".includes(text[at] ?? "-")) at += 1;
    if (text[at] === ":") keys += 1;
  }
  return keys;
}

function keysOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const members = Object.values(value);
  const own = Array.isArray(value) ? 0 : members.length;
  return members.reduce<number>((sum, member) => sum + keysOf(member), own);
}

function readTensor(name: string, entry: unknown): Tensor {
  const where = `tensor "${shownText(name)}"`;
  if (!isObject(entry)) throw malformed(`${where} is not described`);
  const { dtype, shape, data_offsets: offsets } = entry;
  const bits = typeof dtype === "string" ? BITS.get(dtype) : undefined;
  if (typeof dtype !== "string" || bits === undefined) {
    throw new StructureError("unsupported_type", `The type of ${where} is not known.`);
  }
  if (!isCounts(shape) || shape.length > MAX_DIMENSIONS) throw malformed(`the shape of ${where} is wrong`);
  if (!isCounts(offsets) || offsets.length !== 2) throw malformed(`the place of ${where} is wrong`);
  const [begin = 0, end = 0] = offsets;
  const elements = shape.reduce((product, size) => product * BigInt(size), 1n);
  if (end < begin || (elements * bits) % 8n !== 0n || BigInt(end - begin) * 8n !== elements * bits) {
    throw new StructureError("size_mismatch", `The ${where} is not as long as its shape and type say.`);
  }
  return { name, dtype, begin, end, elements };
}

function assertContiguous(tensors: readonly Tensor[], dataBytes: number): void {
  const inOrder = [...tensors].sort((a, b) => a.begin - b.begin || a.end - b.end);
  let expected = 0;
  for (const { name, begin, end } of inOrder) {
    if (begin !== expected) {
      throw malformed(`tensor "${shownText(name)}" leaves a gap before it or overlaps another`);
    }
    expected = end;
  }
  if (expected > dataBytes)
    throw new StructureError("truncated", "The file ends before its last tensor does.");
  if (expected < dataBytes) throw malformed("bytes follow the last tensor");
}

/** How the usual quantisations name weights of which several are packed into one number. */
const PACKED = /(?:^|\.)(?:qweight|weight_packed|weight\.quant_state\..+|\w+_blocks)$/;
/** Beside a weight of whole numbers they say that it is packed, as those of MLX and ModelOpt are. */
const SCALES = ["scales", "weight_scale", "weight_scale_2"];
const WHOLE_NUMBERS = new Set(["U8", "I8", "U32", "I32"]);

function factsOf(tensors: readonly Tensor[], metadataEntries: number): ArtifactFacts {
  const parameters = tensors.reduce((sum, { elements }) => sum + elements, 0n);
  const names = new Set(tensors.map(({ name }) => name));
  const isPacked = tensors.some(({ name, dtype }) => PACKED.test(name) || hasScales(name, dtype, names));
  return {
    tensorCount: tensors.length,
    // How many weights one packed number holds stands in another file.
    ...(isPacked ? { isPacked } : { parameterCount: Number(parameters) }),
    dtypes: [...new Set(tensors.map(({ dtype }) => dtype))].sort(),
    metadataEntries,
  };
}

/** One byte a weight may be a whole number of its own; where two scales or 32 bits stand for it, it holds several. */
function hasScales(name: string, dtype: string, names: ReadonlySet<string>): boolean {
  const stem = /^(.*\.|)weight$/.exec(name)?.[1];
  if (stem === undefined || !WHOLE_NUMBERS.has(dtype)) return false;
  const scales = SCALES.filter((scale) => names.has(`${stem}${scale}`));
  return dtype.endsWith("32") ? scales.length > 0 : scales.includes("weight_scale_2");
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && (size as number) >= 0);
}

function malformed(what: string): StructureError {
  return new StructureError("malformed", `This is not a sound safetensors file: ${what}.`);
}
