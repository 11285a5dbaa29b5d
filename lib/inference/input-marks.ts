import { createHmac } from "node:crypto";
import type { RunInput } from "./model-input";
import type { PackedInput } from "./packed-input";

const MARK_BYTES = 8;

/** The purpose of the key under which inputs are marked. */
export const MARKS_PURPOSE = "offcut marks of inputs v1";

/** An input, or what a model reads of it where it was prepared before. */
type MarkedInput = RunInput | PackedInput;

/**
 * One mark for each input, as the model reads it: 8 bytes of an HMAC-SHA-256 under a key of this installation, sorted. Two
 * runs of one kind of model share a row where they share a mark; two of different inputs are the same by chance once in
 * 2⁶⁴. Without the key nothing can be guessed from them.
 */
export function markInputs(inputs: readonly MarkedInput[], key: Uint8Array): Buffer<ArrayBuffer> {
  const marks = inputs.map((input) => markOf(input, key));
  return Buffer.from(marks.sort().join(""), "hex");
}

/** The places of the inputs whose marks stand in one of the lists. */
export function placesOfMarked(
  inputs: readonly MarkedInput[],
  lists: readonly Uint8Array[],
  key: Uint8Array,
): number[] {
  const marked = new Set(lists.flatMap((list) => splitMarks(list)));
  if (marked.size === 0) return [];
  return inputs.flatMap((input, place) => (marked.has(markOf(input, key)) ? [place] : []));
}

function markOf(input: MarkedInput, key: Uint8Array): string {
  const read = typeof input === "object" && "packed" in input ? input.packed : input;
  return createHmac("sha256", key)
    .update(JSON.stringify(read))
    .digest("hex")
    .slice(0, MARK_BYTES * 2);
}

function splitMarks(list: Uint8Array): string[] {
  const all = Buffer.from(list).toString("hex");
  return Array.from({ length: list.length / MARK_BYTES }, (_, at) =>
    all.slice(at * MARK_BYTES * 2, (at + 1) * MARK_BYTES * 2),
  );
}

/** Whether a sorted list has a mark twice: the same input was run more than once. */
export function hasRepeats(marks: Uint8Array): boolean {
  const all = Buffer.from(marks);
  for (let at = MARK_BYTES; at < all.length; at += MARK_BYTES)
    if (all.compare(all, at - MARK_BYTES, at, at, at + MARK_BYTES) === 0) return true;
  return false;
}

/** Whether two sorted lists of marks have one in common. */
export function sharesMarks(one: Uint8Array, other: Uint8Array): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const order = a.compare(b, j, j + MARK_BYTES, i, i + MARK_BYTES);
    if (order === 0) return true;
    if (order < 0) i += MARK_BYTES;
    else j += MARK_BYTES;
  }
  return false;
}
