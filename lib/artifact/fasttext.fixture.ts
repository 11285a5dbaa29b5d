/** A supervised model that is small enough to be told with a pencil: each word has a vector of one number a label. */
export function fasttextBytes(
  words: Record<string, readonly number[]>,
  labels: readonly string[],
  { version = 12, kind = 3 }: { version?: number; kind?: number } = {},
): Buffer {
  const names = ["</s>", ...Object.keys(words)];
  const entries = [
    ...names.map((name) => entry(name, 0)),
    ...labels.map((label) => entry(`__label__${label}`, 1)),
  ];
  const dimensions = labels.length;
  const zeros = labels.map(() => 0);
  const vectors = names.map((name) => words[name] ?? zeros);
  const unit = labels.map((_, row) => labels.map((__, column) => (row === column ? 1 : 0)));
  return Buffer.concat([
    // Its arguments: vectors, window, epochs, rarest word, negatives, words together, loss (softmax), kind, buckets, …
    int32(793712314, version, dimensions, 5, 1, 1, 5, 1, 3, kind, 0, 0, 0, 100),
    float64(0.0001),
    int32(names.length + labels.length, names.length, labels.length),
    int64(100n, -1n),
    ...entries,
    Buffer.from([0]),
    matrix(vectors, dimensions),
    Buffer.from([0]),
    matrix(unit, dimensions),
  ]);
}

function entry(word: string, type: number): Buffer {
  return Buffer.concat([Buffer.from(`${word}\0`), int64(10n), Buffer.from([type])]);
}

function matrix(rows: readonly (readonly number[])[], columns: number): Buffer {
  const values = Float32Array.from(rows.flat());
  return Buffer.concat([int64(BigInt(rows.length), BigInt(columns)), Buffer.from(values.buffer)]);
}

const int32 = (...values: number[]) => Buffer.from(Int32Array.from(values).buffer);
const int64 = (...values: bigint[]) => Buffer.from(BigInt64Array.from(values).buffer);
const float64 = (value: number) => Buffer.from(Float64Array.of(value).buffer);
