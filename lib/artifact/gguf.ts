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

const LIMITS = {
  tensors: 65_536,
  entries: 65_536,
  keyBytes: 65_535,
  textBytes: 4 * 1024 * 1024,
  arrayLength: 4_000_000,
  arrayDepth: 3,
  dimensions: 4,
  alignment: 65_536,
} as const;

/** ggml tensor types: elements in a block, bytes of a block, name. */
const TENSOR_TYPES: ReadonlyMap<number, readonly [number, number, string]> = new Map([
  [0, [1, 4, "F32"]],
  [1, [1, 2, "F16"]],
  [2, [32, 18, "Q4_0"]],
  [3, [32, 20, "Q4_1"]],
  [6, [32, 22, "Q5_0"]],
  [7, [32, 24, "Q5_1"]],
  [8, [32, 34, "Q8_0"]],
  [9, [32, 36, "Q8_1"]],
  [10, [256, 84, "Q2_K"]],
  [11, [256, 110, "Q3_K"]],
  [12, [256, 144, "Q4_K"]],
  [13, [256, 176, "Q5_K"]],
  [14, [256, 210, "Q6_K"]],
  [15, [256, 292, "Q8_K"]],
  [16, [256, 66, "IQ2_XXS"]],
  [17, [256, 74, "IQ2_XS"]],
  [18, [256, 98, "IQ3_XXS"]],
  [19, [256, 50, "IQ1_S"]],
  [20, [32, 18, "IQ4_NL"]],
  [21, [256, 110, "IQ3_S"]],
  [22, [256, 82, "IQ2_S"]],
  [23, [256, 136, "IQ4_XS"]],
  [24, [1, 1, "I8"]],
  [25, [1, 2, "I16"]],
  [26, [1, 4, "I32"]],
  [27, [1, 8, "I64"]],
  [28, [1, 8, "F64"]],
  [29, [256, 56, "IQ1_M"]],
  [30, [1, 2, "BF16"]],
  [34, [256, 54, "TQ1_0"]],
  [35, [256, 66, "TQ2_0"]],
  [39, [32, 17, "MXFP4"]],
  [40, [64, 36, "NVFP4"]],
  [41, [128, 18, "Q1_0"]],
] as const);

/** Bytes of a metadata value by its type; 8 is text and 9 an array. */
const VALUE_BYTES: ReadonlyMap<number, number> = new Map([
  [0, 1],
  [1, 1],
  [2, 2],
  [3, 2],
  [4, 4],
  [5, 4],
  [6, 4],
  [7, 1],
  [10, 8],
  [11, 8],
  [12, 8],
]);
const UINT32 = 4;
const TEXT = 8;
const ARRAY = 9;

type Tensor = { name: string; type: string; offset: bigint; bytes: bigint; elements: bigint };

/**
 * Checks a GGUF file (versions 2 and 3, little-endian): bounded counts and texts, known tensor types, and every
 * tensor aligned, inside the file and clear of the others. Tensor data are not read.
 */
export function checkGguf(reader: ArtifactReader): Promise<ArtifactCheck> {
  return refuseOnError("gguf", async () => {
    const cursor = new StructureCursor(reader);
    if (decodeText(await cursor.take(4)) !== "GGUF") throw malformed("it does not begin with its mark");
    const version = await cursor.takeUint32();
    if (version !== 2 && version !== 3) {
      throw new StructureError(
        "unsupported_version",
        "Only GGUF versions 2 and 3, little-endian, can be read.",
      );
    }
    const tensorCount = await takeCount(cursor, LIMITS.tensors, "tensors");
    const entryCount = await takeCount(cursor, LIMITS.entries, "metadata entries");
    const metadata = await readMetadata(cursor, entryCount);
    const tensors: Tensor[] = [];
    for (let index = 0; index < tensorCount; index++) tensors.push(await readTensor(cursor));
    const alignment = metadata.alignment;
    const dataStart = Math.ceil(cursor.position / alignment) * alignment;
    assertPlaces(tensors, BigInt(alignment), BigInt(reader.sizeBytes) - BigInt(dataStart));
    return factsOf(version, tensors, entryCount, metadata);
  });
}

type Metadata = {
  alignment: number;
  texts: Map<string, string>;
  contextLength: number | null;
  hasChatTemplate: boolean;
};

async function readMetadata(cursor: StructureCursor, count: number): Promise<Metadata> {
  const seen = new Set<string>();
  const metadata: Metadata = {
    alignment: 32,
    texts: new Map(),
    contextLength: null,
    hasChatTemplate: false,
  };
  for (let index = 0; index < count; index++) {
    const key = await takeText(cursor, LIMITS.keyBytes);
    if (seen.has(key)) throw malformed(`the entry "${shownText(key)}" occurs twice`);
    seen.add(key);
    const type = await cursor.takeUint32();
    if (key === "general.alignment") {
      if (type !== UINT32) throw malformed("its alignment is not a number");
      metadata.alignment = await cursor.takeUint32();
      const { alignment } = metadata;
      if (alignment === 0 || alignment % 8 !== 0 || alignment > LIMITS.alignment) {
        throw malformed("its alignment is not a multiple of 8");
      }
    } else if (type === TEXT) {
      const text = await takeText(cursor, LIMITS.textBytes);
      if (key.startsWith("general.")) metadata.texts.set(key, text);
      else if (key === "tokenizer.chat_template") metadata.hasChatTemplate = true;
    } else if (key.endsWith(".context_length") && type === UINT32) {
      metadata.contextLength = await cursor.takeUint32();
    } else await skipValue(cursor, type, 0);
  }
  return metadata;
}

async function skipValue(cursor: StructureCursor, type: number, depth: number): Promise<void> {
  const bytes = VALUE_BYTES.get(type);
  if (bytes !== undefined) return cursor.skip(bytes);
  if (type === TEXT) return cursor.skip(await takeCount(cursor, LIMITS.textBytes, "bytes of text"));
  if (type !== ARRAY || depth >= LIMITS.arrayDepth) throw malformed("a metadata value has an unknown type");
  const elementType = await cursor.takeUint32();
  const length = await takeCount(cursor, LIMITS.arrayLength, "array elements");
  const elementBytes = VALUE_BYTES.get(elementType);
  if (elementBytes !== undefined) return cursor.skip(length * elementBytes);
  if (elementType !== TEXT && elementType !== ARRAY)
    throw malformed("an array has elements of an unknown type");
  for (let index = 0; index < length; index++) await skipValue(cursor, elementType, depth + 1);
}

async function readTensor(cursor: StructureCursor): Promise<Tensor> {
  const name = await takeText(cursor, LIMITS.keyBytes);
  const where = `tensor "${shownText(name)}"`;
  const dimensions = await cursor.takeUint32();
  if (dimensions > LIMITS.dimensions) throw malformed(`${where} has more than four dimensions`);
  let elements = 1n;
  let row = 1n;
  for (let index = 0; index < dimensions; index++) {
    const size = BigInt(await cursor.takeUint64());
    if (index === 0) row = size;
    elements *= size;
  }
  const type = TENSOR_TYPES.get(await cursor.takeUint32());
  if (!type) throw new StructureError("unsupported_type", `The type of ${where} is not known.`);
  const [blockElements, blockBytes, typeName] = type;
  if (row % BigInt(blockElements) !== 0n) {
    throw new StructureError("size_mismatch", `The ${where} does not divide into blocks of its type.`);
  }
  const offset = BigInt(await cursor.takeUint64());
  const bytes = (elements / BigInt(blockElements)) * BigInt(blockBytes);
  return { name, type: typeName, offset, bytes, elements };
}

function assertPlaces(tensors: readonly Tensor[], alignment: bigint, dataBytes: bigint): void {
  const names = new Set<string>();
  let free = 0n;
  for (const { name, offset, bytes } of [...tensors].sort((a, b) => Number(a.offset - b.offset))) {
    if (names.has(name)) throw malformed(`two tensors are named "${shownText(name)}"`);
    names.add(name);
    if (offset % alignment !== 0n) throw malformed(`tensor "${shownText(name)}" is not aligned`);
    if (offset < free) throw malformed(`tensor "${shownText(name)}" overlaps another`);
    free = offset + bytes;
    if (free > dataBytes) throw new StructureError("truncated", "The file ends before its last tensor does.");
  }
}

function factsOf(
  version: number,
  tensors: readonly Tensor[],
  entries: number,
  metadata: Metadata,
): ArtifactFacts {
  const facts: ArtifactFacts = {
    version,
    tensorCount: tensors.length,
    parameterCount: Number(tensors.reduce((sum, { elements }) => sum + elements, 0n)),
    tensorTypes: [...new Set(tensors.map(({ type }) => type))].sort(),
    metadataEntries: entries,
    hasChatTemplate: metadata.hasChatTemplate,
  };
  if (metadata.contextLength !== null) facts.contextLength = metadata.contextLength;
  for (const key of ["architecture", "name", "license"]) {
    const text = metadata.texts.get(`general.${key}`);
    if (text !== undefined) facts[key] = shownText(text);
  }
  return facts;
}

async function takeCount(cursor: StructureCursor, limit: number, what: string): Promise<number> {
  const count = await cursor.takeUint64();
  if (count > limit)
    throw new StructureError("too_large", `It has more than ${limit.toLocaleString("en")} ${what}.`);
  return count;
}

async function takeText(cursor: StructureCursor, limit: number): Promise<string> {
  return decodeText(await cursor.take(await takeCount(cursor, limit, "bytes of text")));
}

function malformed(what: string): StructureError {
  return new StructureError("malformed", `This is not a sound GGUF file: ${what}.`);
}
