import type { ClusterUnion } from "./clusters";

/** Texts that share this part of their shingles, or more, are near-copies. */
export const NEAR_COPY_JACCARD = 0.8;
const SHINGLE_WORDS = 5;
const BANDS = 16;
const ROWS_OF_BAND = 4;
/** More texts than rows that are read. */
const MAX_TEXTS = 2 ** 20;
/** Texts with the same key of a band are compared with so many before them at most. */
const MAX_COMPARED = 8;
/** A column of more different values, or of a longer one, holds text. */
const MAX_KINDS = 20;
const MAX_KIND_CHARACTERS = 80;
/** Words of a text that are looked at. */
const MAX_WORDS = 20_000;

/**
 * Finds near-copies among the texts of rows: equal after normalisation, or with a Jaccard index of 0.8 or more over
 * their sets of five words in a row. Candidates share a band of 4 of 64 minima (A. Broder, 1997), which at 0.8 misses one
 * pair in 5,000; each is then compared in full. The same texts always give the same pairs. Time and memory grow with the
 * words: 4 bytes for each, and 64 for each text.
 */
export class NearCopies {
  private readonly rows: number[] = [];
  private readonly shingles: Uint32Array[] = [];
  /** One for each band of each text. */
  private readonly keys: number[] = [];
  private readonly known = new Map<string, number>();
  private readonly equal: [number, number][] = [];
  private longest = 0;

  constructor(private readonly union: ClusterUnion) {}

  /** A column with few and short values names kinds of input, and not the input itself. */
  get isText(): boolean {
    return this.known.size > MAX_KINDS || this.longest > MAX_KIND_CHARACTERS;
  }

  add(row: number, text: string): void {
    this.longest = Math.max(this.longest, text.length);
    const words = wordsOf(text);
    if (words.length === 0) return;
    const whole = words.join(" ");
    const name = `${hashOf(whole, 0)} ${hashOf(whole, 1)} ${whole.length}`;
    const first = this.known.get(name);
    if (first !== undefined) {
      this.equal.push([first, row]);
      return;
    }
    this.known.set(name, row);
    const shingles = shinglesOf(words);
    // Shorter texts are copies when they are equal, and not otherwise.
    if (shingles.length === 0) return;
    this.rows.push(row);
    this.shingles.push(shingles);
    for (const key of bandKeys(shingles)) this.keys.push(key);
  }

  /** Joins what was added, where it is text. */
  join(): void {
    if (!this.isText) return;
    for (const [one, other] of this.equal) this.union.join(one, other, "near_copies");
    // Key and place in one number, which sorts without a comparison of ours.
    const order = new Float64Array(this.rows.length);
    for (let band = 0; band < BANDS; band += 1) {
      for (let place = 0; place < order.length; place += 1)
        order[place] = (this.keys[place * BANDS + band] ?? 0) * MAX_TEXTS + place;
      order.sort();
      for (let at = 1; at < order.length; at += 1) this.compareBack(order, at);
    }
  }

  private compareBack(order: Float64Array, at: number): void {
    const key = Math.floor((order[at] ?? 0) / MAX_TEXTS);
    for (let back = 1; back <= MAX_COMPARED && back <= at; back += 1) {
      const before = order[at - back] ?? 0;
      if (Math.floor(before / MAX_TEXTS) !== key) return;
      this.compare(before % MAX_TEXTS, (order[at] ?? 0) % MAX_TEXTS);
    }
  }

  private compare(one: number, other: number): void {
    const [row = 0, otherRow = 0] = [this.rows[one], this.rows[other]];
    if (this.union.areJoined(row, otherRow)) return;
    const [a, b] = [this.shingles[one], this.shingles[other]];
    if (a && b && areNear(a, b)) this.union.join(row, otherRow, "near_copies");
  }
}

/** Letters and digits in composed form without capitals; everything else parts words. */
function wordsOf(text: string): string[] {
  return (
    text
      .normalize("NFKC")
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  ).slice(0, MAX_WORDS);
}

function shinglesOf(words: readonly string[]): Uint32Array {
  const each = words.map((word) => hashOf(word, 0));
  const hashes = new Set<number>();
  for (let at = 0; at + SHINGLE_WORDS <= each.length; at += 1) {
    let hash = 0x811c9dc5;
    for (let word = at; word < at + SHINGLE_WORDS; word += 1)
      hash = finalised(Math.imul(hash, 31) ^ (each[word] ?? 0));
    hashes.add(hash);
  }
  return Uint32Array.from(hashes).sort();
}

function areNear(a: Uint32Array, b: Uint32Array): boolean {
  if (Math.min(a.length, b.length) < NEAR_COPY_JACCARD * Math.max(a.length, b.length)) return false;
  let shared = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const [one = 0, other = 0] = [a[i], b[j]];
    if (one === other) shared += 1;
    if (one <= other) i += 1;
    if (other <= one) j += 1;
  }
  return shared >= NEAR_COPY_JACCARD * (a.length + b.length - shared);
}

/** Odd numbers and offsets, which mix a shingle in 64 ways. */
const MIXINGS = Int32Array.from(
  { length: 2 * BANDS * ROWS_OF_BAND },
  (_, at) => finalised(at + 1) | (at % 2 ? 0 : 1),
);

/** Keys of the bands: each of the least of the shingles under four mixings. */
function bandKeys(shingles: Uint32Array): Uint32Array {
  const minima = new Uint32Array(BANDS * ROWS_OF_BAND).fill(0xffffffff);
  for (let at = 0; at < shingles.length; at += 1) {
    const shingle = shingles[at] ?? 0;
    for (let mixing = 0; mixing < minima.length; mixing += 1) {
      const mixed = (Math.imul(shingle, MIXINGS[2 * mixing] ?? 1) + (MIXINGS[2 * mixing + 1] ?? 0)) >>> 0;
      if (mixed < (minima[mixing] ?? 0)) minima[mixing] = mixed;
    }
  }
  const keys = new Uint32Array(BANDS);
  for (let band = 0; band < BANDS; band += 1) {
    let key = 0x811c9dc5;
    for (let row = 0; row < ROWS_OF_BAND; row += 1)
      key = Math.imul(key ^ finalised(minima[band * ROWS_OF_BAND + row] ?? 0), 0x01000193);
    keys[band] = key >>> 0;
  }
  return keys;
}

/** FNV-1a over UTF-16 units, finalised as in MurmurHash3. */
function hashOf(text: string, salt: number): number {
  let hash = 0x811c9dc5 ^ Math.imul(salt, 0x9e3779b1);
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return finalised(hash);
}

function finalised(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
