/**
 * Feature hashing for text, shared by training and serving: the same text gives the
 * same columns on every machine. Nothing of the text can be read back from the counts.
 */

export type TextUnit = { kind: "word" | "character"; from: number; to: number };

export type TextHashSpec = {
  kind: "text-hash";
  version: 1;
  dimensions: number;
  units: readonly TextUnit[];
  weighting: "presence" | "logarithm" | "count";
  normalisation: "unit-length" | "none";
  maxCharacters: number;
};

/** Column → how often it was seen, columns ascending. */
export type HashedCounts = readonly (readonly [column: number, count: number])[];

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const MAX_COUNT = 255;
const encoder = new TextEncoder();

/** FNV-1a, 32 bits, over the UTF-8 bytes. */
export function fnv1a(text: string): number {
  let hash = FNV_OFFSET;
  for (const byte of encoder.encode(text)) hash = Math.imul(hash ^ byte, FNV_PRIME);
  return hash >>> 0;
}

/** Counts hashed units of the first `maxCharacters` code units; counts stop at 255. */
export function countTextFeatures(text: string, spec: TextHashSpec): HashedCounts {
  const cleaned = text.slice(0, spec.maxCharacters).normalize("NFKC").toLowerCase();
  const counts = new Map<number, number>();
  for (const unit of spec.units) {
    const parts = unit.kind === "word" ? wordsOf(cleaned) : charactersOf(cleaned);
    countRuns(parts, unit, spec.dimensions, counts);
  }
  return [...counts].sort((a, b) => a[0] - b[0]);
}

/** Turns counts into the numbers the network reads; writes into `target` from `offset`. */
export function weighTextFeatures(
  counts: HashedCounts,
  spec: TextHashSpec,
  target: Float32Array,
  offset = 0,
): void {
  let squares = 0;
  for (const [column, count] of counts) {
    const weight = weightOf(count, spec.weighting);
    target[offset + column] = weight;
    squares += weight * weight;
  }
  if (spec.normalisation === "none" || squares === 0) return;
  const length = Math.sqrt(squares);
  for (const [column] of counts) {
    const at = offset + column;
    target[at] = (target[at] ?? 0) / length;
  }
}

function weightOf(count: number, weighting: TextHashSpec["weighting"]): number {
  if (weighting === "presence") return 1;
  return weighting === "logarithm" ? Math.log2(1 + count) : count;
}

function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}$%!]+/gu) ?? [];
}

function charactersOf(text: string): string[] {
  const spaced = text.replace(/[\d\s\p{P}\p{S}]+/gu, " ").trim();
  return [...` ${spaced} `];
}

function countRuns(parts: string[], unit: TextUnit, dimensions: number, counts: Map<number, number>): void {
  const joint = unit.kind === "word" ? " " : "";
  for (let size = unit.from; size <= unit.to; size += 1) {
    for (let start = 0; start + size <= parts.length; start += 1) {
      const run = parts.slice(start, start + size).join(joint);
      const column = fnv1a(`${unit.kind}${size}:${run}`) % dimensions;
      counts.set(column, Math.min(MAX_COUNT, (counts.get(column) ?? 0) + 1));
    }
  }
}
