import type { Condition } from "@/lib/catalogue/condition";
import {
  type ClusterShape,
  type Clustered,
  type IntervalMethod,
  clusteredBy,
  clusteredInterval,
} from "./clustered";
import { checkOf, conditionId, inputTests, outputTests } from "./condition";
import type { EvaluationRow, SliceDefinition } from "./slice";
import { wilsonInterval } from "./statistics";

/** Correct of all, with the pointwise 95 % interval. `value` is null when there were no rows. */
export type Proportion = { n: number; k: number; value: number | null; lower: number; upper: number };

/**
 * The commonest label among the rows meeting a slice's condition on the input, `baseK` of `baseN`: what always giving
 * that one answer would score.
 */
export type BaseRate = { baseRate: number | null; baseLabel: string | null; baseK: number; baseN: number };

/** `clustered` is null where no two of the rows share a cluster. */
export type Tally = Proportion & BaseRate & { intervalMethod: IntervalMethod; clustered: Clustered | null };

/** Rows that meet exactly these slices (by position), so that coverage can be redrawn without the rows. */
export type MembershipPattern = { slices: number[]; n: number; k: number };

/** More patterns than this are not kept: coverage can then only be computed from the rows. Nor are more kinds of columns. */
export const MAX_PATTERNS = 20_000;

/** `clusters` is the number of clusters among all rows; null where no row names one. */
export type Tallies = {
  overall: Tally;
  slices: Tally[];
  patterns: MembershipPattern[] | null;
  clusters: number | null;
};

/** k of n with Wilson's interval. */
export function proportion(k: number, n: number): Proportion {
  return { n, k, value: n === 0 ? null : k / n, ...wilsonInterval(k, n) };
}

/**
 * Counts right answers, base rates and clusters, overall and per slice; which rows a slice has follows from its
 * condition alone. `seed` gives the digest of the rows, and is asked only where rows share a cluster. Throws a
 * RangeError when two slices have the same condition.
 */
export function tallyRows(
  rows: readonly EvaluationRow[],
  slices: readonly SliceDefinition[],
  seed: () => string,
): Tallies {
  const membership = new Membership(slices.map(({ condition }) => condition));
  const counters = Array.from({ length: slices.length + 1 }, () => new Counter());
  const overall = counters[slices.length] ?? new Counter();
  const patterns = new Map<string, MembershipPattern>();
  const clusters = clustersOf(rows);
  for (const cluster of clusters) {
    const touched = new Set<Counter>();
    for (const row of cluster) {
      const right = isCorrect(row);
      const { members, onInput } = membership.of(row);
      overall.addToBase(row.label);
      for (const position of onInput) counters[position]?.addToBase(row.label);
      for (const position of [...members, slices.length]) {
        const counter = counters[position];
        if (counter) touched.add(counter.add(right));
      }
      countPattern(patterns, members, right);
    }
    for (const counter of touched) counter.closeCluster();
  }
  // Without a condition on the input every row meets it.
  for (const [position, { condition }] of slices.entries())
    if (inputTests(condition).length === 0) counters[position]?.baseOf(overall);
  return {
    overall: overall.tally(seed),
    slices: slices.map((_, position) => (counters[position] ?? overall).tally(seed)),
    patterns: patterns.size > MAX_PATTERNS ? null : [...patterns.values()],
    clusters: rows.some(({ cluster }) => cluster !== undefined) ? clusters.length : null,
  };
}

/** The rows by cluster, in the order of their first; a row without one is a cluster of its own. */
function clustersOf(rows: readonly EvaluationRow[]): EvaluationRow[][] {
  const clusters: EvaluationRow[][] = [];
  const named = new Map<string, EvaluationRow[]>();
  for (const row of rows) {
    const known = row.cluster === undefined ? undefined : named.get(row.cluster);
    if (known) known.push(row);
    else {
      const cluster = [row];
      clusters.push(cluster);
      if (row.cluster !== undefined) named.set(row.cluster, cluster);
    }
  }
  return clusters;
}

/** A row is right when its prediction is the label, character for character. */
export function isCorrect(row: { label: string; prediction: string }): boolean {
  return row.label === row.prediction;
}

type Check = ReturnType<typeof checkOf>;

/** Which slices a row is in. What follows from its columns is worked out once for all rows that share them. */
class Membership {
  private readonly checks: {
    input: Check;
    columns: Check;
    answer: Check;
    asksAnswer: boolean;
    asksInput: boolean;
  }[];
  private readonly byColumns = new Map<EvaluationRow["columns"], { columns: number[]; onInput: number[] }>();

  constructor(conditions: readonly Condition[]) {
    if (new Set(conditions.map(conditionId)).size !== conditions.length)
      throw new RangeError("Two slices have the same condition.");
    this.checks = conditions.map((condition) => {
      const input = inputTests(condition);
      const answer = outputTests(condition).filter(({ on }) => on === "answer");
      return {
        input: checkOf({ all: input }),
        columns: checkOf({ all: condition.all.filter(({ on }) => on !== "answer") }),
        answer: checkOf({ all: answer }),
        asksAnswer: answer.length > 0,
        asksInput: input.length > 0,
      };
    });
  }

  of(row: EvaluationRow): { members: number[]; onInput: readonly number[] } {
    const known = this.byColumns.get(row.columns) ?? this.place(row);
    if (this.byColumns.size < MAX_PATTERNS) this.byColumns.set(row.columns, known);
    const members = known.columns.filter((position) => {
      const check = this.checks[position];
      return check !== undefined && (!check.asksAnswer || check.answer(row));
    });
    return { members, onInput: known.onInput };
  }

  private place(row: EvaluationRow) {
    const where = (holds: (check: (typeof this.checks)[number]) => boolean) =>
      this.checks.flatMap((check, position) => (holds(check) ? [position] : []));
    return {
      columns: where(({ columns }) => columns(row)),
      onInput: where(({ asksInput, input }) => asksInput && input(row)),
    };
  }
}

function countPattern(patterns: Map<string, MembershipPattern>, slices: number[], correct: boolean): void {
  if (patterns.size > MAX_PATTERNS) return;
  const key = slices.join(",");
  const pattern = patterns.get(key) ?? { slices, n: 0, k: 0 };
  pattern.n += 1;
  pattern.k += correct ? 1 : 0;
  patterns.set(key, pattern);
}

/** More than the rows of a cluster. */
const SHAPE = 2 ** 26;

class Counter {
  private n = 0;
  private k = 0;
  private baseN = 0;
  private base = new Map<string, number>();
  /** Of the cluster that is being counted. */
  private readonly open = { n: 0, k: 0 };
  /** How many clusters of a shape, by its rows and right rows in one number. */
  private readonly shapes = new Map<number, number>();

  add(right: boolean): this {
    this.open.n += 1;
    if (right) this.open.k += 1;
    return this;
  }

  closeCluster(): void {
    const { open } = this;
    const shape = open.n * SHAPE + open.k;
    this.shapes.set(shape, (this.shapes.get(shape) ?? 0) + 1);
    this.n += open.n;
    this.k += open.k;
    open.n = 0;
    open.k = 0;
  }

  addToBase(label: string): void {
    this.baseN += 1;
    this.base.set(label, (this.base.get(label) ?? 0) + 1);
  }

  baseOf({ base, baseN }: Counter): void {
    this.base = base;
    this.baseN = baseN;
  }

  tally(seed: () => string): Tally {
    const clustered = this.clustered(seed);
    return {
      ...proportion(this.k, this.n),
      intervalMethod: "wilson_95",
      ...(clustered && clusteredInterval(clustered, seed())),
      clustered,
      ...this.baseRate(),
    };
  }

  private baseRate(): BaseRate {
    let baseLabel: string | null = null;
    let baseK = 0;
    for (const [label, count] of this.base) {
      if (count > baseK || (count === baseK && baseLabel !== null && label < baseLabel)) {
        baseLabel = label;
        baseK = count;
      }
    }
    return { baseRate: this.baseN === 0 ? null : baseK / this.baseN, baseLabel, baseK, baseN: this.baseN };
  }

  private clustered(seed: () => string): Clustered | null {
    const shapes = [...this.shapes].map(([shape, count]): ClusterShape => [
      Math.floor(shape / SHAPE),
      shape % SHAPE,
      count,
    ]);
    return shapes.some(([rows]) => rows > 1) ? clusteredBy(shapes, seed()) : null;
  }
}
