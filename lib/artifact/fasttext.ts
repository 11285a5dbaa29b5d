import {
  type ArtifactCheck,
  type ArtifactReader,
  StructureCursor,
  StructureError,
  decodeText,
  refuseOnError,
  shownText,
} from "./structure-cursor";

/** 793712314, little-endian. */
export const FASTTEXT_MARK = [0xba, 0x16, 0x4f, 0x2f];
const VERSION = 12;
const SUPERVISED = 3;
const LABEL = 1;
const PREFIX = "__label__";

const LIMITS = { entries: 5_000_000, labels: 1_000, wordBytes: 4_096, dimensions: 4_096 } as const;
const CHUNK_BYTES = 256 * 1024;
/** After a word: how often it was seen, and whether it is a label. */
const ENTRY_TAIL_BYTES = 9;

/**
 * Checks a supervised fastText model (version 12, plain or quantised): bounded counts, a dictionary with at least two
 * labels, and weights that end with the file where they are plain. Weights are not read.
 */
export function checkFasttext(reader: ArtifactReader): Promise<ArtifactCheck> {
  return refuseOnError("fasttext", async () => {
    const cursor = new StructureCursor(reader);
    cursor.skip(FASTTEXT_MARK.length);
    if ((await cursor.takeUint32()) !== VERSION)
      throw new StructureError("unsupported_version", "Only fastText files of version 12 can be read.");
    const dimensions = await cursor.takeUint32();
    cursor.skip(5 * 4);
    const [, kind] = [await cursor.takeUint32(), await cursor.takeUint32()];
    cursor.skip(4 * 4 + 8);
    if (kind !== SUPERVISED)
      throw new StructureError("unsupported_type", "It holds word vectors, and no classifier of texts.");
    if (dimensions === 0 || dimensions > LIMITS.dimensions)
      throw malformed("its vectors have no sound length");
    const { words, labels } = await readDictionary(reader, cursor);
    const isQuantised = (await cursor.take(1))[0] === 1;
    if (!isQuantised) await stepOverPlainWeights(cursor, dimensions);
    return { dimensions, words, labels: labels.map(shownText), isQuantised };
  });
}

async function readDictionary(
  reader: ArtifactReader,
  cursor: StructureCursor,
): Promise<{ words: number; labels: string[] }> {
  const entries = await cursor.takeUint32();
  const words = await cursor.takeUint32();
  const labelCount = await cursor.takeUint32();
  cursor.skip(8);
  const pruned = (await cursor.takeView(8)).getBigInt64(0, true);
  if (entries > LIMITS.entries) throw tooMany(LIMITS.entries, "words");
  if (labelCount > LIMITS.labels) throw tooMany(LIMITS.labels, "labels");
  if (words + labelCount !== entries || labelCount < 2) throw malformed("its words and labels do not add up");
  const labels: string[] = [];
  let chunk = new Uint8Array();
  let [start, at] = [cursor.position, 0];
  for (let entry = 0; entry < entries; entry += 1) {
    let end = chunk.indexOf(0, at);
    if (end < 0 || end + ENTRY_TAIL_BYTES >= chunk.length) {
      start += at;
      at = 0;
      chunk = await cursorAt(reader, cursor, start);
      end = chunk.indexOf(0);
      if (end < 0 || end + ENTRY_TAIL_BYTES >= chunk.length || end > LIMITS.wordBytes)
        throw new StructureError("truncated", "The file ends before its dictionary does.");
    }
    if (chunk[end + ENTRY_TAIL_BYTES] === LABEL)
      labels.push(decodeText(chunk.subarray(at, end)).replace(PREFIX, ""));
    at = end + 1 + ENTRY_TAIL_BYTES;
  }
  cursor.position = start + at;
  if (labels.length !== labelCount || new Set(labels).size !== labelCount)
    throw malformed("its labels are not those that it counts");
  if (pruned > 0n) cursor.skip(Number(pruned) * 8);
  return { words, labels };
}

/** The next piece of the dictionary, out of the cursor's budget. */
async function cursorAt(
  reader: ArtifactReader,
  cursor: StructureCursor,
  start: number,
): Promise<Uint8Array<ArrayBuffer>> {
  cursor.position = start;
  return Uint8Array.from(await cursor.take(Math.min(CHUNK_BYTES, reader.sizeBytes - start)));
}

async function stepOverPlainWeights(cursor: StructureCursor, dimensions: number): Promise<void> {
  for (const place of ["input", "output"]) {
    if (place === "output") cursor.skip(1);
    const [rows, columns] = [await cursor.takeUint64(), await cursor.takeUint64()];
    if (columns !== dimensions) throw malformed(`its ${place} weights have other columns than it says`);
    cursor.skip(rows * columns * 4);
  }
  if (cursor.position !== cursor.sizeBytes)
    throw new StructureError("size_mismatch", "The file goes on after its weights.");
}

function tooMany(most: number, what: string): StructureError {
  return new StructureError("too_large", `It has more than ${most.toLocaleString("en")} ${what}.`);
}

function malformed(what: string): StructureError {
  return new StructureError("malformed", `This is not a sound fastText model: ${what}.`);
}
