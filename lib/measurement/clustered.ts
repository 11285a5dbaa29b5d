import type { intervalMethods } from "@/lib/catalogue/standing";
import { binomialInverse, poissonInverse, uniformsFrom } from "./seeded-draws";
import { type Interval, binomialLowerTail, binomialUpperTail, wilsonOfShare } from "./statistics";

/** How many draws a test and an interval over clusters rest on. */
export const CLUSTER_DRAWS = 1_000;

/** So many clusters of so many rows each, of which so many are right. */
export type ClusterShape = [rows: number, right: number, count: number];

/**
 * The clusters of a set of rows of which some share one. `middle` are the 500th and 501st of the sorted numbers right
 * in 1,000 draws of one row from each cluster.
 */
export type Clustered = { n: number; shapes: ClusterShape[]; middle: [number, number] };

export type IntervalMethod = (typeof intervalMethods)[number];

/**
 * The clusters as draws see them, from their shapes in any order; null when no cluster has two rows, since the rows are
 * then independent. `seed` is the digest of the rows. Cost grows with the number of distinct shapes, not of rows.
 */
export function clusteredBy(shapes: readonly Readonly<ClusterShape>[], seed: string): Clustered | null {
  if (shapes.every(([rows]) => rows === 1)) return null;
  const ordered = shapes
    .map(([rows, right, count]): ClusterShape => [rows, right, count])
    .sort(([n, k], [m, l]) => n - m || k - l);
  const uniform = uniformsFrom(seed, 0);
  const drawn = new Int32Array(CLUSTER_DRAWS);
  let certain = 0;
  for (const [rows, right, count] of ordered) {
    if (right === rows) certain += count;
    if (right === rows || right === 0) continue;
    const inverse = binomialInverse(count, right, rows);
    for (let draw = 0; draw < CLUSTER_DRAWS; draw += 1) drawn[draw] = (drawn[draw] ?? 0) + inverse(uniform());
  }
  drawn.sort();
  const half = CLUSTER_DRAWS / 2;
  return {
    n: ordered.reduce((sum, [, , count]) => sum + count, 0),
    shapes: ordered,
    middle: [certain + (drawn[half - 1] ?? 0), certain + (drawn[half] ?? 0)],
  };
}

/**
 * The 95 % percentile interval of the share of right rows, clusters drawn with replacement: each of a shape's clusters
 * is in a draw Poisson(1) times, together Poisson(count) times. Draws without any row are left out. Where every cluster
 * has the same share, so that no draw differs, it is Wilson's interval of that share of as many rows as clusters.
 */
export function clusteredInterval(
  { shapes, n }: Clustered,
  seed: string,
): Interval & { intervalMethod: IntervalMethod } {
  const [total, right] = shapes.reduce(
    ([rows, correct], [of, k, count]) => [rows + of * count, correct + k * count],
    [0, 0],
  );
  const share = right / total;
  if (shapes.every(([of, k]) => k * total === of * right))
    return { ...wilsonOfShare(share, n), intervalMethod: "wilson_95_of_clusters" };
  const uniform = uniformsFrom(seed, 4);
  const rows = new Float64Array(CLUSTER_DRAWS);
  const correct = new Float64Array(CLUSTER_DRAWS);
  for (const [of, k, count] of shapes) {
    const inverse = poissonInverse(count);
    for (let draw = 0; draw < CLUSTER_DRAWS; draw += 1) {
      const times = inverse(uniform());
      rows[draw] = (rows[draw] ?? 0) + times * of;
      correct[draw] = (correct[draw] ?? 0) + times * k;
    }
  }
  const shares = correct.map((some, draw) => some / (rows[draw] ?? 0)).filter((some) => !Number.isNaN(some));
  shares.sort();
  const beyond = Math.floor(shares.length * 0.025);
  return {
    lower: Math.min(share, shares[beyond] ?? 0),
    upper: Math.max(share, shares[shares.length - 1 - beyond] ?? 1),
    intervalMethod: "clustered_bootstrap_95",
  };
}

/** k right of n rows, and their clusters where some rows share one. */
export type Counted = { k: number; n: number; clustered: Clustered | null };

/**
 * The exact p-value against "the true rate is at most `rate`". With clusters it is twice the median over the draws of
 * the test on one row from each (L. Rüger, 1978; valid whatever the dependence within a cluster); the median of an even
 * number of draws is the mean of the middle two.
 */
export function upperTail({ k, n, clustered }: Counted, rate: number): number {
  if (!clustered) return binomialUpperTail(k, n, rate);
  const [one, other] = clustered.middle;
  return Math.min(1, binomialUpperTail(one, clustered.n, rate) + binomialUpperTail(other, clustered.n, rate));
}

/** The same against "the true rate is at least `rate`". */
export function lowerTail({ k, n, clustered }: Counted, rate: number): number {
  if (!clustered) return binomialLowerTail(k, n, rate);
  const [one, other] = clustered.middle;
  return Math.min(1, binomialLowerTail(one, clustered.n, rate) + binomialLowerTail(other, clustered.n, rate));
}
