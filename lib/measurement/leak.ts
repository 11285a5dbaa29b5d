import { comparedValue } from "./condition";
import { isCorrect } from "./tally";

/** What a column gives away, so that it is no condition that could be checked without the true label. */
export type Leak = "tells_label" | "follows_label" | "tells_rightness";

export const leakReasons: Record<Leak, string> = {
  tells_label: "It gives the label away: with its value known, so is the label. That is no condition.",
  follows_label: "It follows from the label: the label known, so is its value. That is no condition.",
  tells_rightness:
    "It tells which predictions are right, which nobody knows beforehand. That is no condition.",
};

/** A leak may be wrong on so many of all rows: turning over one in a hundred hides nothing. */
const LEAK_ERRORS = 0.01;
/** Of the errors of always guessing the commonest value, the part that may be left (1 − λ of Goodman and Kruskal, 1954). */
const LEFT_ERRORS = 1 / 5;
/** A column stays when one with as many rows of each value would go with the label as well, by chance, more often than this. */
const LEAK_CHANCE = 0.05;

type Answered = { label: string; prediction: string };

/**
 * Finds what a column of values gives away; null for one that merely correlates, has one value, or may go with the label
 * by chance. A copy of the label is a leak however few the rows. Values are as compared, and a blank is one too.
 */
export function leakFinder(
  rows: readonly Answered[],
): (valueOf: (row: number) => string | undefined) => Leak | null {
  const labels = numbered(rows.length, (row) => comparedValue(rows[row]?.label ?? ""));
  const rights = Uint32Array.from(rows, (row) => (isCorrect(row) ? 1 : 0));
  return (valueOf) => {
    const values = numbered(rows.length, (row) => valueOf(row) ?? "");
    if (values.names.length < 2) return null;
    if (labels.names.length > 1 && isCopy(values, labels)) return "tells_label";
    const pairs = pairsOf(values.codes, labels.codes);
    if (determines(pairs)) return "tells_label";
    if (determines(pairs.map(({ given, told, count }) => ({ given: told, told: given, count }))))
      return "follows_label";
    return determines(pairsOf(values.codes, rights)) ? "tells_rightness" : null;
  };
}

/**
 * Whether the confidence at which an answer is cut tells which of these answers are right. One that merely makes it more
 * likely is no leak.
 */
export function isConfidenceLeak(
  rows: readonly (Answered & { confidence?: number })[],
  { prediction: said, minConfidence }: { prediction: string; minConfidence?: number },
): boolean {
  if (minConfidence === undefined) return false;
  const answers = rows.filter(({ prediction }) => prediction === said);
  const codes = (isSo: (row: (typeof answers)[number]) => boolean) =>
    Uint32Array.from(answers, (row) => Number(isSo(row)));
  return determines(
    pairsOf(
      codes(({ confidence = -1 }) => confidence >= minConfidence),
      codes(isCorrect),
    ),
  );
}

type Numbered = { codes: Uint32Array; names: string[] };

function numbered(length: number, nameOf: (row: number) => string): Numbered {
  const known = new Map<string, number>();
  const codes = new Uint32Array(length);
  for (let row = 0; row < length; row += 1) {
    const name = nameOf(row);
    const code = known.get(name) ?? known.size;
    known.set(name, code);
    codes[row] = code;
  }
  return { codes, names: [...known.keys()] };
}

function isCopy(values: Numbered, labels: Numbered): boolean {
  return values.codes.every((code, row) => values.names[code] === labels.names[labels.codes[row] ?? 0]);
}

type Pair = { given: number; told: number; count: number };

/** How often each value stands with each other. */
function pairsOf(given: Uint32Array, told: Uint32Array): Pair[] {
  const counts = new Map<number, number>();
  for (let row = 0; row < given.length; row += 1) {
    const key = (given[row] ?? 0) * MAX_VALUES + (told[row] ?? 0);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, count]) => ({
    given: Math.floor(key / MAX_VALUES),
    told: key % MAX_VALUES,
    count,
  }));
}

/** More than the different values that rows can have. */
const MAX_VALUES = 2 ** 24;

/** Knowing `given` is knowing `told`, but for one in a hundred rows, and one in five of those that guessing gets wrong. */
function determines(pairs: readonly Pair[]): boolean {
  const totals = new Map<number, number>();
  const largest = new Map<number, Pair>();
  let all = 0;
  for (const pair of pairs) {
    all += pair.count;
    totals.set(pair.told, (totals.get(pair.told) ?? 0) + pair.count);
    if (pair.count > (largest.get(pair.given)?.count ?? 0)) largest.set(pair.given, pair);
  }
  const guessing = all - [...totals.values()].reduce((most, count) => Math.max(most, count), 0);
  if (largest.size < 2 || guessing === 0) return false;
  const sizes: number[] = [];
  const kept = new Map<number, number>();
  for (const { told, count } of largest.values()) {
    sizes.push(count);
    kept.set(told, (kept.get(told) ?? 0) + count);
  }
  const rows = sizes.reduce((sum, size) => sum + size, 0);
  const errors = all - rows;
  if (errors > LEAK_ERRORS * all || errors > LEFT_ERRORS * guessing) return false;
  // Which rows the errors are was chosen by looking.
  const allowed = Math.log(LEAK_CHANCE) - logWays(all, errors);
  return [...kept.values()].some((chosen) => isBeyondChance(sizes, chosen, rows, allowed));
}

/** More steps than this are not taken to tell a coincidence from a leak; a column then stays. */
const MAX_STEPS = 10_000_000;

/**
 * Whether groups come to exactly `chosen` of `rows` more seldom than allowed (a logarithm) when which rows are chosen is
 * left to chance: the number of sets of groups of that size over the number of sets of rows.
 */
function isBeyondChance(sizes: readonly number[], chosen: number, rows: number, allowed: number): boolean {
  const few = Math.min(chosen, rows - chosen);
  const all = logWays(rows, few);
  // There are no more sets of groups than this, whatever their sizes.
  if (sizes.length * Math.LN2 - all <= allowed) return true;
  if (sizes.length * few > MAX_STEPS) return false;
  const ways = new Float64Array(few + 1);
  ways[0] = 1;
  for (const size of sizes)
    for (let sum = few; sum >= size; sum -= 1) ways[sum] = (ways[sum] ?? 0) + (ways[sum - size] ?? 0);
  return Math.log(ways[few] ?? 0) - all <= allowed;
}

/** The logarithm of in how many ways so many of `all` can be chosen. */
function logWays(all: number, chosen: number): number {
  let sum = 0;
  for (let at = 0; at < Math.min(chosen, all - chosen); at += 1) sum += Math.log((all - at) / (at + 1));
  return sum;
}
