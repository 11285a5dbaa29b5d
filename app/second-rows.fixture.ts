import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import ort from "onnxruntime-node";
import { loadModule } from "cld3-asm";
import type { Shape } from "./second-count.fixture";
import { ofText } from "./second-texts.fixture";

/**
 * The committed rows of a demo model and what its committed file answers to them, read and run by code of its own: another
 * decoder, another preparation of the input, and the runtime itself instead of the isolated run.
 */

export type Held = {
  label: string;
  prediction: string;
  confidence: number;
  columns: Record<string, string>;
  cluster: string;
  year: number;
};

type Stored = [label: number, bits: number, cluster: number, year: number, features: unknown];
type Header = { classes: readonly string[]; flags: readonly string[]; features: string };
type Columns = Readonly<Record<string, string>>;

/** As `prisma/seed/demo-runs.ts` says. */
const FIRST_FRESH_GAME = 50_000_000;

const models = path.resolve(import.meta.dirname, "../prisma/seed/models");

/** Every row of the file with its answer, under the names of columns that the listing gives to its flags. */
export async function heldRows(
  slug: string,
  split: "discovery" | "attestation",
  columns: Columns,
): Promise<Held[]> {
  const text = gunzipSync(readFileSync(path.join(models, slug, "rows", `${split}.jsonl.gz`))).toString();
  const [header, ...rows] = text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as unknown);
  return answeredRows(slug, header as Header, rows as Stored[], columns);
}

/** Games that are in no committed file, drawn and solved anew by the program that made the committed ones. */
export async function freshRows(slug: string, count: number, columns: Columns): Promise<Held[]> {
  const { drawFreshRows } = await import("@/prisma/seed/models/connect-four-reflexes/train");
  const { classes, flags, rows } = drawFreshRows(FIRST_FRESH_GAME, count);
  const stored = rows.map(({ label, flags: held, cluster, features }): Stored => {
    const bits = flags.reduce((sum, flag, at) => sum + (held.includes(flag) ? 2 ** at : 0), 0);
    return [classes.indexOf(label), bits, cluster, 0, features.kind === "board" ? features.cells : ""];
  });
  return answeredRows(slug, { classes, flags, features: "board" }, stored, columns);
}

async function answeredRows(
  slug: string,
  { classes, flags, features }: Header,
  stored: readonly Stored[],
  columns: Columns,
): Promise<Held[]> {
  const answers =
    features === "text"
      ? await languagesOf(stored.map((row) => row[4] as string))
      : await answersOf(path.join(models, slug, "model.onnx"), stored, features);
  const roots = joined(stored, features);
  return stored.map(([label, bits, , year, held], index) => ({
    label: classes[label] ?? "",
    ...(answers[index] ?? { prediction: "", confidence: 0 }),
    columns: {
      ...Object.fromEntries(
        Object.entries(columns).map(([flag, name]) => [
          name,
          String(Boolean((bits >> flags.indexOf(flag)) & 1)),
        ]),
      ),
      ...(features === "text" ? ofText(held as string) : {}),
    },
    cluster: String((roots[index] ?? 0) + 1),
    year,
  }));
}

type Answer = { prediction: string; confidence: number };
const fourPlaces = (probability: number) => Math.round(probability * 10_000) / 10_000;

async function languagesOf(texts: readonly string[]): Promise<Answer[]> {
  const detector = (await loadModule()).create(0, 4_096);
  const answers = texts.map((text) => detector.findLanguage(text));
  detector.dispose();
  return answers.map(({ language, probability }) => ({
    prediction: language,
    confidence: fourPlaces(probability),
  }));
}

async function answersOf(file: string, rows: readonly Stored[], features: string): Promise<Answer[]> {
  const bytes = readFileSync(file);
  const metadata = metadataOf(bytes);
  const classes = JSON.parse(metadata.get("offcut.classes") ?? "[]") as string[];
  const spec = JSON.parse(metadata.get("offcut.preprocessing") ?? "{}") as Spec;
  const session = await ort.InferenceSession.create(new Uint8Array(bytes), {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  const [input = "", output = ""] = [session.inputNames[0], session.outputNames[0]];
  const answers: Answer[] = [];
  for (const [, , , , held] of rows) {
    const numbers = prepared(held, features, spec);
    const answer = await session.run({ [input]: new ort.Tensor("float32", numbers, [1, numbers.length]) });
    const probabilities = [...((answer[output]?.data ?? []) as Float32Array)];
    const confidence = Math.max(...probabilities);
    answers.push({
      prediction: classes[probabilities.indexOf(confidence)] ?? "",
      confidence: fourPlaces(confidence),
    });
  }
  return answers;
}

type Spec = {
  dimensions: number;
  weighting: string;
  normalisation: string;
  columns: readonly { mean: number; scale: number }[] | number;
};

/** One row as the numbers that the network reads, as `offcut.preprocessing` of its file says. */
function prepared(held: unknown, features: string, spec: Spec): Float32Array {
  if (features === "numbers" && typeof spec.columns === "object") {
    const values = held as number[];
    return Float32Array.from(spec.columns, ({ mean, scale }, at) => ((values[at] ?? 0) - mean) / scale);
  }
  if (features === "levels")
    return Float32Array.from(Buffer.from(held as string, "base64"), (level) => level / 255);
  if (features === "board") return boardPlanes(held as string, Number(spec.columns));
  const weights = new Float32Array(spec.dimensions);
  for (const [column, count] of countsOf(held as number[]))
    weights[column] =
      spec.weighting === "presence" ? 1 : spec.weighting === "logarithm" ? Math.log2(1 + count) : count;
  if (spec.normalisation === "none") return weights;
  const length = Math.hypot(...weights);
  return length === 0 ? weights : weights.map((weight) => weight / length);
}

/** Distances from the column before; a negative number is how often the one before it was seen. */
function countsOf(stored: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  let column = 0;
  for (const number of stored) {
    if (number < 0 && counts.size > 0) counts.set(column, -number);
    else counts.set((column += number), 1);
  }
  return counts;
}

/** Own stones, other stones, and empty cells on the ground or on a stone. */
function boardPlanes(cells: string, across: number): Float32Array {
  const all = [...cells];
  const lands = (cell: string, at: number) => cell === "." && (at < across || all[at - across] !== ".");
  return Float32Array.from(
    [all.map((cell) => cell === "x"), all.map((cell) => cell === "o"), all.map(lands)].flat(),
    Number,
  );
}

/** `metadata_props` (field 14) of an ONNX file: protobuf messages of a key (1) and a value (2). */
function metadataOf(bytes: Uint8Array): Map<string, string> {
  const found = new Map<string, string>();
  for (const [field, value] of fieldsOf(bytes)) {
    if (field !== 14) continue;
    const pair = new Map(Array.from(fieldsOf(value), ([at, text]) => [at, Buffer.from(text).toString()]));
    found.set(pair.get(1) ?? "", pair.get(2) ?? "");
  }
  return found;
}

function* fieldsOf(bytes: Uint8Array): Generator<[field: number, value: Uint8Array]> {
  let at = 0;
  const varint = () => {
    let [value, factor, byte] = [0, 1, 0x80];
    for (; byte >= 0x80; factor *= 128) value += ((byte = bytes[at++] ?? 0) & 0x7f) * factor;
    return value;
  };
  while (at < bytes.length) {
    const tag = varint();
    const wire = tag & 7;
    const length = wire === 2 ? varint() : wire === 1 ? 8 : wire === 5 ? 4 : 0;
    if (wire === 0) varint();
    yield [tag >>> 3, bytes.subarray(at, (at += length))];
  }
}

/** For each row the first row that it belongs with: of one source, or holding the same, or for texts nearly so. */
function joined(rows: readonly Stored[], features: string): number[] {
  const parents = rows.map((_, index) => index);
  const rootOf = (index: number): number => {
    const parent = parents[index] ?? index;
    return parent === index ? index : (parents[index] = rootOf(parent));
  };
  const join = (one: number, other: number) => {
    const [first, second] = [rootOf(one), rootOf(other)].sort((x, y) => x - y);
    if (first !== undefined && second !== undefined) parents[second] = first;
  };
  const firstOf = new Map<string, number>();
  const joinAlike = (key: string, index: number) =>
    join(firstOf.get(key) ?? (firstOf.set(key, index), index), index);
  for (const [index, [, , cluster, , held]] of rows.entries()) {
    joinAlike(`source ${cluster}`, index);
    if (features !== "numbers") joinAlike(`held ${JSON.stringify(held)}`, index);
  }
  if (features === "text")
    joinNearCopies(
      rows.map((row) => row[4] as string),
      join,
    );
  return rows.map((_, index) => rootOf(index));
}

/** Every pair is compared: texts whose sets of five words in a row have at least 0.8 of their union in common. */
function joinNearCopies(texts: readonly string[], join: (one: number, other: number) => void): void {
  const sets = texts.map((text) => {
    const words =
      text
        .normalize("NFKC")
        .toLowerCase()
        .match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
    return new Set(words.slice(4).map((_, at) => words.slice(at, at + 5).join(" ")));
  });
  for (const [one, a] of sets.entries())
    for (const [other, b] of sets.slice(0, one).entries()) {
      if (a.size * 0.8 > b.size || b.size * 0.8 > a.size || a.size === 0) continue;
      let common = 0;
      for (const run of a) if (b.has(run)) common += 1;
      if (common >= 0.8 * (a.size + b.size - common)) join(one, other);
    }
}

type Test = {
  on: string;
  column?: string;
  is?: string;
  atLeast?: string;
  below?: string;
  says?: string[];
  confidenceAtLeast?: string;
  confidenceBelow?: string;
};
export type Condition = { all: Test[] };

const folded = (text: string) => text.normalize("NFC").trim().toLowerCase();

function holds(row: Held, test: Test): boolean {
  const value = test.column === undefined ? "" : (row.columns[test.column] ?? "");
  if (test.is !== undefined)
    return folded(value) === folded(test.is) || (folded(test.is) === "true" && folded(value) === "1");
  if (test.atLeast !== undefined) return value !== "" && Number(value) >= Number(test.atLeast);
  if (test.below !== undefined) return value !== "" && Number(value) < Number(test.below);
  if (test.says) return test.says.includes(row.prediction);
  if (test.confidenceAtLeast !== undefined) return row.confidence >= Number(test.confidenceAtLeast);
  if (test.confidenceBelow !== undefined) return row.confidence < Number(test.confidenceBelow);
  throw new RangeError(`Nobody knows what ${JSON.stringify(test)} asks.`);
}

export const meets = (row: Held, { all }: Condition) => all.every((test) => holds(row, test));
export const meetsInput = (row: Held, { all }: Condition) =>
  all.filter(({ on }) => on === "input").every((test) => holds(row, test));

/** The clusters of a set of rows, sorted; null where no two rows share one. */
export function shapesOf(rows: readonly Held[]): Shape[] | null {
  const clusters = new Map<string, { rows: number; right: number }>();
  for (const { cluster, label, prediction } of rows) {
    const known = clusters.get(cluster) ?? { rows: 0, right: 0 };
    clusters.set(cluster, { rows: known.rows + 1, right: known.right + Number(label === prediction) });
  }
  if (clusters.size === rows.length) return null;
  const counts = new Map<string, number>();
  for (const { rows: n, right } of clusters.values())
    counts.set(`${n} ${right}`, (counts.get(`${n} ${right}`) ?? 0) + 1);
  return [...counts]
    .map(([key, count]): Shape => {
      const [n = 0, right = 0] = key.split(" ").map(Number);
      return [n, right, count];
    })
    .sort((x, y) => x[0] - y[0] || x[1] - y[1]);
}

export const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
