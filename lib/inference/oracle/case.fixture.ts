import type { DType } from "@/lib/artifact/onnx-writer";

/** A table of 64-bit floats, row by row. */
export type Table = readonly (readonly number[])[];

/** A model drawn from a seed, and what its operators say of rows by their specification, in 64-bit floats. */
export type OracleCase = {
  name: string;
  file: Uint8Array;
  input: { name: string; type: DType; shape: readonly number[] };
  rows: readonly (readonly number[] | readonly string[])[];
  /** The outputs to fetch, and the numbers or names that are right. */
  scores?: { output: string; right: Table };
  labels?: { output: string; right: readonly (string | number)[] };
  /** How far a score may be from the right one: that of the run contract. */
  tolerance: number;
  rowsPerCall: number;
};

export type Random = () => number;

/** mulberry32: the same numbers for the same seed. */
export function drawn(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Numbers about zero, each already one of the 32-bit floats. */
export function numbers(random: Random, count: number, width = 1): number[] {
  return Array.from({ length: count }, () =>
    Math.fround((random() + random() + random() - 1.5) * 1.6 * width),
  );
}

export function tableOf(values: readonly number[], columns: number): number[][] {
  return Array.from({ length: values.length / columns }, (_, row) =>
    values.slice(row * columns, (row + 1) * columns),
  );
}
