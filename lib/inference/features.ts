import type { Preprocessing } from "./preprocessing";
import { type HashedCounts, countTextFeatures, weighTextFeatures } from "./text-hash";

/** Features as they are kept in row files, before weighting. */
export type StoredFeatures =
  | { kind: "counts"; counts: HashedCounts }
  | { kind: "numbers"; values: readonly number[] }
  | { kind: "levels"; levels: Uint8Array }
  | { kind: "board"; cells: string };

/** How many numbers one row has after preprocessing. */
export function columnCountOf(spec: Preprocessing): number {
  switch (spec.kind) {
    case "text-hash":
      return spec.dimensions;
    case "numbers":
      return spec.columns.length;
    case "image":
      return (spec.width / spec.block) * (spec.height / spec.block);
    case "board":
      return 3 * spec.columns * spec.rows;
  }
}

/** Text of one document → counts; the step that runs at serving time and while collecting rows. */
export function featuresOfText(text: string, spec: Preprocessing): StoredFeatures {
  if (spec.kind !== "text-hash") throw new TypeError(`text given to preprocessing "${spec.kind}"`);
  return { kind: "counts", counts: countTextFeatures(text, spec) };
}

/** Grey levels (0 to 255, row by row, `width` × `height`) → mean grey level of each block. */
export function featuresOfImage(pixels: Uint8Array, spec: Preprocessing): StoredFeatures {
  if (spec.kind !== "image") throw new TypeError(`image given to preprocessing "${spec.kind}"`);
  if (pixels.length !== spec.width * spec.height)
    throw new RangeError("image has another size than the model expects");
  const across = spec.width / spec.block;
  const sums = new Float64Array(across * (spec.height / spec.block));
  pixels.forEach((level, index) => {
    const x = Math.floor((index % spec.width) / spec.block);
    const y = Math.floor(index / spec.width / spec.block);
    const at = y * across + x;
    sums[at] = (sums[at] ?? 0) + level;
  });
  return { kind: "levels", levels: Uint8Array.from(sums, (sum) => Math.round(sum / spec.block ** 2)) };
}

/** Writes one row of network input at `offset`; `target` must be zero there. */
export function writeRow(
  features: StoredFeatures,
  spec: Preprocessing,
  target: Float32Array,
  offset: number,
): void {
  if (spec.kind === "text-hash" && features.kind === "counts") {
    weighTextFeatures(features.counts, spec, target, offset);
  } else if (spec.kind === "numbers" && features.kind === "numbers") {
    spec.columns.forEach((column, index) => {
      target[offset + index] = ((features.values[index] ?? 0) - column.mean) / column.scale;
    });
  } else if (spec.kind === "image" && features.kind === "levels") {
    features.levels.forEach((level, index) => (target[offset + index] = level / 255));
  } else if (spec.kind === "board" && features.kind === "board") {
    writeBoard(features.cells, spec, target, offset);
  } else {
    throw new TypeError(`features "${features.kind}" do not fit preprocessing "${spec.kind}"`);
  }
}

/** All rows as one matrix, row by row. */
export function matrixOf(rows: readonly StoredFeatures[], spec: Preprocessing): Float32Array {
  const columnCount = columnCountOf(spec);
  const matrix = new Float32Array(rows.length * columnCount);
  rows.forEach((features, index) => writeRow(features, spec, matrix, index * columnCount));
  return matrix;
}

/**
 * A board is its cells from the bottom row up, `x` the side to move, `o` the other, `.` empty.
 * Three planes: own stones, other stones, cells where a stone would land.
 */
function writeBoard(
  cells: string,
  spec: Extract<Preprocessing, { kind: "board" }>,
  target: Float32Array,
  offset: number,
): void {
  const size = spec.columns * spec.rows;
  if (cells.length !== size) throw new RangeError("board has another size than the model expects");
  for (let at = 0; at < size; at += 1) {
    const cell = cells[at];
    if (cell === "x") target[offset + at] = 1;
    else if (cell === "o") target[offset + size + at] = 1;
    else if (at < spec.columns || cells[at - spec.columns] !== ".") target[offset + 2 * size + at] = 1;
  }
}
