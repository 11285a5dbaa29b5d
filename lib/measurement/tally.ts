import type { EvaluationRow, SliceDefinition } from "./slice";
import { wilsonInterval } from "./statistics";

/** Correct of all, with the pointwise Wilson 95 % interval. `value` is null when there were no rows. */
export type Proportion = { n: number; k: number; value: number | null; lower: number; upper: number };

/** Majority class among the rows meeting a slice's input condition: what always giving one answer would score. */
export type BaseRate = { baseRate: number | null; baseLabel: string | null; baseN: number };

/** Null without a cluster column. A design effect of 2 means the rows carry half the information they seem to. */
export type Clustering = { clusters: number | null; designEffect: number | null };

export type Tally = Proportion & BaseRate & Clustering;

/** Rows that meet exactly these slices (by position), so that coverage can be redrawn without the rows. */
export type MembershipPattern = { slices: number[]; n: number; k: number };

/** More patterns than this are not kept: coverage can then only be computed from the rows. */
export const MAX_PATTERNS = 20_000;

export type Tallies = { overall: Tally; slices: Tally[]; patterns: MembershipPattern[] | null };

/** k of n with its interval. */
export function proportion(k: number, n: number): Proportion {
  return { n, k, value: n === 0 ? null : k / n, ...wilsonInterval(k, n) };
}

/**
 * Counts right answers, base rates and clusters, overall and per slice.
 * Throws a RangeError when a row names a slice that is not defined, or two definitions share an id.
 */
export function tallyRows(rows: readonly EvaluationRow[], slices: readonly SliceDefinition[]): Tallies {
  const positions = new Map(slices.map(({ id }, position) => [id, position]));
  if (positions.size !== slices.length) throw new RangeError("Two slices have the same id.");
  const overall = new Counter();
  const counters = slices.map(() => new Counter());
  const patterns = new Map<string, MembershipPattern>();
  const overAll = slices.flatMap(({ baseRows }, position) => (baseRows === "all_rows" ? [position] : []));

  for (const row of rows) {
    const members = positionsOf(row.slices, positions);
    overall.add(row);
    overall.addToBase(row.label);
    for (const position of members) counters[position]?.add(row);
    for (const position of members)
      if (slices[position]?.baseRows === "members") counters[position]?.addToBase(row.label);
    for (const position of positionsOf(row.inputConditions ?? [], positions))
      if (slices[position]?.baseRows === "listed") counters[position]?.addToBase(row.label);
    for (const position of overAll) counters[position]?.addToBase(row.label);
    countPattern(patterns, members, isCorrect(row));
  }
  return {
    overall: overall.tally(),
    slices: counters.map((counter) => counter.tally()),
    patterns: patterns.size > MAX_PATTERNS ? null : [...patterns.values()],
  };
}

/** A row is right when its prediction is the label, character for character. */
export function isCorrect(row: { label: string; prediction: string }): boolean {
  return row.label === row.prediction;
}

function positionsOf(ids: readonly string[], positions: ReadonlyMap<string, number>): number[] {
  const found = new Set<number>();
  for (const id of ids) {
    const position = positions.get(id);
    if (position === undefined) throw new RangeError(`A row names an undefined slice: ${id}`);
    found.add(position);
  }
  return [...found].sort((a, b) => a - b);
}

function countPattern(patterns: Map<string, MembershipPattern>, slices: number[], correct: boolean): void {
  if (patterns.size > MAX_PATTERNS) return;
  const key = slices.join(",");
  const pattern = patterns.get(key) ?? { slices, n: 0, k: 0 };
  pattern.n += 1;
  pattern.k += correct ? 1 : 0;
  patterns.set(key, pattern);
}

class Counter {
  private n = 0;
  private k = 0;
  private baseN = 0;
  private readonly base = new Map<string, number>();
  private readonly clusters = new Map<string, { n: number; k: number }>();
  private unclustered = 0;

  add(row: EvaluationRow): void {
    const right = isCorrect(row) ? 1 : 0;
    this.n += 1;
    this.k += right;
    if (row.cluster === undefined) {
      this.unclustered += 1;
      return;
    }
    const cluster = this.clusters.get(row.cluster) ?? { n: 0, k: 0 };
    cluster.n += 1;
    cluster.k += right;
    this.clusters.set(row.cluster, cluster);
  }

  addToBase(label: string): void {
    this.baseN += 1;
    this.base.set(label, (this.base.get(label) ?? 0) + 1);
  }

  tally(): Tally {
    return { ...proportion(this.k, this.n), ...this.baseRate(), ...this.clustering() };
  }

  private baseRate(): BaseRate {
    let baseLabel: string | null = null;
    let most = 0;
    for (const [label, count] of this.base) {
      if (count > most || (count === most && baseLabel !== null && label < baseLabel)) {
        baseLabel = label;
        most = count;
      }
    }
    return { baseRate: this.baseN === 0 ? null : most / this.baseN, baseLabel, baseN: this.baseN };
  }

  /** Variance of the share between clusters over the variance independent rows would have. */
  private clustering(): Clustering {
    if (this.clusters.size === 0) return { clusters: null, designEffect: null };
    const count = this.clusters.size + this.unclustered;
    const share = this.k / this.n;
    if (count < 2 || share === 0 || share === 1) return { clusters: count, designEffect: null };
    // A row without a cluster is a cluster of its own.
    let squares = this.unclusteredSquares(share);
    for (const { n, k } of this.clusters.values()) squares += (k - share * n) ** 2;
    const clustered = (squares / (this.n * this.n)) * (count / (count - 1));
    return { clusters: count, designEffect: clustered / ((share * (1 - share)) / this.n) };
  }

  private unclusteredSquares(share: number): number {
    let right = this.k;
    for (const { k } of this.clusters.values()) right -= k;
    return right * (1 - share) ** 2 + (this.unclustered - right) * share ** 2;
  }
}
