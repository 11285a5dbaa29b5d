import type { ClusterUnion } from "./clusters";

/** Texts that share this part of their shingles, or more, are near-copies. */
export const NEAR_COPY_JACCARD = 0.8;
const SHINGLE_WORDS = 5;
const BANDS = 16;
const ROWS_OF_BAND = 4;
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
  private readonly keys: Uint32Array[] = [];
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
    this.keys.push(bandKeys(shingles));
  }

  /** Joins what was added, where it is text. */
  join(): void {
    if (!this.isText) return;
    for (const [one, other] of this.equal) this.union.join(one, other, "near_copies");
    const order = Uint32Array.from(this.rows.keys());
    for (let band = 0; band < BANDS; band += 1) {
      const keyOf = (place: number) => this.keys[place]?.[band] ?? 0;
      order.sort((a, b) => keyOf(a) - keyOf(b) || a - b);
      for (let at = 1; at < order.length; at += 1) {
        for (let back = 1; back <= MAX_COMPARED && back <= at; back += 1) {
          const [one = 0, other = 0] = [order[at - back], order[at]];
          if (keyOf(one) !== keyOf(other)) break;
          this.compare(one, other);
        }
      }
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
  const hashes = new Set<number>();
  for (let at = 0; at + SHINGLE_WORDS <= words.length; at += 1)
    hashes.add(hashOf(words.slice(at, at + SHINGLE_WORDS).join(" "), 0));
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

function bandKeys(shingles: Uint32Array): Uint32Array {
  const keys = new Uint32Array(BANDS);
  for (let band = 0; band < BANDS; band += 1) {
    let key = 0x811c9dc5;
    for (let row = 0; row < ROWS_OF_BAND; row += 1)
      key = Math.imul(key ^ minimumOf(shingles, band * ROWS_OF_BAND + row), 0x01000193);
    keys[band] = key >>> 0;
  }
  return keys;
}

/** The least of the shingles' hashes under one of 64 mixings. */
function minimumOf(shingles: Uint32Array, mixing: number): number {
  const salt = Math.imul(mixing + 1, 0x9e3779b1);
  let least = 0xffffffff;
  for (const shingle of shingles) {
    const mixed = finalised(shingle ^ salt);
    if (mixed < least) least = mixed;
  }
  return least;
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
