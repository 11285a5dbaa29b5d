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

/** Of the errors of always guessing the commonest value, the part that must be avoided (Goodman and Kruskal's λ, 1954). */
const LEAK_LAMBDA = 0.99;
/** A column stays when one with as many rows of each value would go with the label as well, by chance, more often than this. */
const LEAK_CHANCE = 0.05;

/**
 * What a column of values gives away; null for one that merely correlates, has one value, or may go with the label by
 * chance. A copy of the label is a leak however few the rows. Values are canonical, and a blank is one too.
 */
export function leakOf(
  rows: readonly { label: string; prediction: string }[],
  valueOf: (row: number) => string,
): Leak | null {
  const byValue = rows.map((_, row) => valueOf(row));
  const labels = rows.map(({ label }) => label);
  const isCopy = labels.every((label, row) => comparedValue(label) === byValue[row]);
  if ((isCopy && new Set(byValue).size > 1) || determines(byValue, labels)) return "tells_label";
  if (determines(labels, byValue)) return "follows_label";
  return determines(byValue, rows.map(isCorrect)) ? "tells_rightness" : null;
}

type Key = string | number | boolean;

/** Knowing `given` is knowing `told`, but for at most one in a hundred of the rows that are not the commonest. */
function determines(given: readonly Key[], told: readonly Key[]): boolean {
  const groups = new Map<Key, Map<Key, number>>();
  const totals = new Map<Key, number>();
  for (const [row, key] of given.entries()) {
    const value = told[row] ?? "";
    const group = groups.get(key) ?? new Map<Key, number>();
    groups.set(key, group.set(value, (group.get(value) ?? 0) + 1));
    totals.set(value, (totals.get(value) ?? 0) + 1);
  }
  const guessing = given.length - Math.max(0, ...totals.values());
  if (groups.size < 2 || guessing === 0) return false;
  const sizes: number[] = [];
  const kept = new Map<Key, number>();
  for (const group of groups.values()) {
    const [value, size] = [...group].reduce((most, one) => (one[1] > most[1] ? one : most));
    sizes.push(size);
    kept.set(value, (kept.get(value) ?? 0) + size);
  }
  const rows = sizes.reduce((sum, size) => sum + size, 0);
  const errors = given.length - rows;
  if (errors > (1 - LEAK_LAMBDA) * guessing) return false;
  // Which rows the errors are was chosen by looking.
  const allowed = Math.log(LEAK_CHANCE) - logWays(given.length, errors);
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
