import type { Table } from "./case.fixture";

/**
 * Operators in 64-bit floats, written from https://onnx.ai/onnx/operators/ and not from any runtime. Tables are row by row.
 */

const product = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);

export const transposed = (table: Table): number[][] =>
  (table[0] ?? []).map((_, column) => table.map((row) => row[column] ?? 0));

/** MatMul; Gemm where a bias is given. */
export function matMul(a: Table, b: Table, bias: readonly number[] = []): number[][] {
  const columns = transposed(b);
  return a.map((row) => columns.map((column, at) => product(row, column) + (bias[at] ?? 0)));
}

export const each = (table: Table, of: (value: number) => number): number[][] =>
  table.map((row) => row.map(of));

export const relu = (value: number) => Math.max(0, value);
export const sigmoid = (value: number) => 1 / (1 + Math.exp(-value));

/** Softmax over the last axis. */
export function softmax(values: readonly number[]): number[] {
  const most = Math.max(...values);
  const powers = values.map((value) => Math.exp(value - most));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** Mean and variance over the last axis, as exporters write LayerNormalization with primitives. */
export function normalised(
  row: readonly number[],
  scale: readonly number[],
  bias: readonly number[],
  epsilon: number,
): number[] {
  const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
  const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length;
  return row.map(
    (value, at) => ((value - mean) / Math.sqrt(variance + epsilon)) * (scale[at] ?? 1) + (bias[at] ?? 0),
  );
}

/** The error function to 10⁻¹⁵ or so: its Maclaurin series below 3, one less a continued fraction from there on. */
export function erf(value: number): number {
  const size = Math.abs(value);
  if (size < 3) {
    let term = value;
    let sum = value;
    for (let at = 1; at < 80; at += 1) {
      term *= -(value * value) / at;
      sum += term / (2 * at + 1);
    }
    return (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = 0;
  for (let at = 60; at >= 1; at -= 1) fraction = at / 2 / (size + fraction);
  return Math.sign(value) * (1 - Math.exp(-size * size) / Math.sqrt(Math.PI) / (size + fraction));
}

/** Conv over one picture of `channels` planes, kernel 3 × 3, a border of one zero, steps of one. */
export function convolved(
  planes: readonly Table[],
  kernels: readonly (readonly Table[])[],
  bias: readonly number[],
) {
  return kernels.map((kernel, filter) =>
    (planes[0] ?? []).map((line, y) =>
      line.map((_, x) => {
        let sum = bias[filter] ?? 0;
        kernel.forEach((plane, channel) =>
          plane.forEach((weights, dy) =>
            weights.forEach((weight, dx) => {
              sum += weight * (planes[channel]?.[y + dy - 1]?.[x + dx - 1] ?? 0);
            }),
          ),
        );
        return sum;
      }),
    ),
  );
}

/** MaxPool 2 × 2 in steps of two. */
export const maxPooled = (plane: Table): number[][] =>
  plane
    .filter((_, y) => y % 2 === 0)
    .map((line, y) =>
      line
        .filter((_, x) => x % 2 === 0)
        .map((_, x) =>
          Math.max(...[0, 1].flatMap((dy) => [0, 1].map((dx) => plane[2 * y + dy]?.[2 * x + dx] ?? 0))),
        ),
    );

/** To the nearest whole number, halves to the even one. */
export function halfToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

/** QuantizeLinear and back, to the range of the type. The quotient is one of 32-bit floats, as the specification's types say. */
export function throughSteps(
  value: number,
  scale: number,
  zero: number,
  [least, most]: readonly [number, number],
) {
  const step = halfToEven(Math.fround(value / scale)) + zero;
  return (Math.min(most, Math.max(least, step)) - zero) * scale;
}
