import fc from "fast-check";
import { expect, test } from "vitest";
import { CLUSTER_DRAWS, type ClusterShape, clusteredBy, clusteredInterval, upperTail } from "./clustered";
import { binomialInverse, poissonInverse, uniformsFrom } from "./seeded-draws";
import { binomialLowerTail, binomialPoint, binomialUpperTail } from "./statistics";

const seed = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const words = (...state: number[]) => state.map((word) => word.toString(16).padStart(8, "0")).join("");

test("the generator is xoshiro128**, seeded by words of a digest", () => {
  // Outputs of the authors' C program from the state 1, 2, 3, 4.
  const outputs = [11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849];
  const expected = [0, 2, 4, 6].map(
    (at) => ((outputs[at]! >>> 5) * 2 ** 26 + (outputs[at + 1]! >>> 6)) / 2 ** 53,
  );
  const first = uniformsFrom(words(1, 2, 3, 4, 0, 0, 0, 0), 0);
  const second = uniformsFrom(words(0, 0, 0, 0, 1, 2, 3, 4), 4);
  expect(expected.map(() => first())).toEqual(expected);
  expect(expected.map(() => second())).toEqual(expected);
  expect(() => uniformsFrom("x", 0)).toThrow(RangeError);
});

test("an inverse gives each number as often as its distribution does", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 9 }), (trials, right) => {
      const inverse = binomialInverse(trials, right, 10);
      for (const at of [0, Math.floor((trials * right) / 10), trials]) {
        const below = at === 0 ? 0 : binomialLowerTail(at - 1, trials, right / 10);
        const point = binomialPoint(at, trials, right / 10);
        if (point > 1e-9) expect(inverse(below + point / 2)).toBe(at);
      }
    }),
    { numRuns: 300 },
  );
  const inverse = poissonInverse(1);
  const draws = Array.from({ length: 100_000 }, (_, index) => inverse((index + 0.5) / 100_000));
  const share = (times: number) => draws.filter((drawn) => drawn === times).length / draws.length;
  for (const [times, factorial] of [1, 1, 2, 6].entries())
    expect(share(times)).toBeCloseTo(Math.exp(-1) / factorial, 4);
});

test("the middle draws are the median of one row drawn from each cluster", () => {
  // 40 clusters of two rows, one right each: Binomial(40, 1/2), whose median is 20; and 10 that are always right.
  const clustered = clusteredBy(
    [
      [3, 3, 10],
      [2, 1, 40],
    ],
    seed,
  )!;
  expect(clustered.n).toBe(50);
  expect(clustered.middle[0]).toBeGreaterThanOrEqual(29);
  expect(clustered.middle[1]).toBeLessThanOrEqual(31);
  const [one, other] = clustered.middle;
  const expected = binomialUpperTail(one, 50, 0.5) + binomialUpperTail(other, 50, 0.5);
  expect(upperTail({ k: 70, n: 110, clustered }, 0.5)).toBe(Math.min(1, expected));
});

const shapes = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 1, max: 8 }), fc.nat(8), fc.integer({ min: 1, max: 50 })), {
    minLength: 1,
    maxLength: 12,
    selector: ([n, k]) => `${n} ${Math.min(n, k)}`,
  })
  .map((given) => given.map(([n, k, count]): ClusterShape => [n, Math.min(n, k), count]));

test("the same digest draws the same whatever the order of the shapes, and the interval holds the share", () => {
  fc.assert(
    fc.property(shapes, (given) => {
      const clustered = clusteredBy(given, seed);
      expect(clusteredBy([...given].reverse(), seed)).toEqual(clustered);
      expect(clustered === null).toBe(given.every(([n]) => n === 1));
      if (!clustered) return;
      const { lower, upper } = clusteredInterval(clustered, seed);
      const rows = given.reduce((sum, [n, , count]) => sum + n * count, 0);
      const right = given.reduce((sum, [, k, count]) => sum + k * count, 0);
      expect(lower).toBeGreaterThanOrEqual(0);
      expect(lower).toBeLessThanOrEqual(right / rows);
      expect(upper).toBeGreaterThanOrEqual(right / rows);
      expect(upper).toBeLessThanOrEqual(1);
    }),
    { numRuns: 300 },
  );
});

test("the interval of many clusters is that of the ratio estimate's normal approximation", () => {
  const given: ClusterShape[] = [
    [5, 5, 300],
    [5, 0, 100],
    [2, 1, 200],
    [1, 1, 300],
  ];
  const { lower, upper, intervalMethod } = clusteredInterval(clusteredBy(given, seed)!, seed);
  const [rows, right] = [2_700, 2_000];
  const share = right / rows;
  const squares = given.reduce((sum, [n, k, count]) => sum + count * (k - share * n) ** 2, 0);
  const half = (1.96 * Math.sqrt(squares)) / rows;
  expect(intervalMethod).toBe("clustered_bootstrap_95");
  expect(Math.abs(lower - (share - half))).toBeLessThan(half * 0.1);
  expect(Math.abs(upper - (share + half))).toBeLessThan(half * 0.1);
});

test("clusters of which none differs have Wilson's interval of as many rows as clusters", () => {
  const { lower, upper, intervalMethod } = clusteredInterval(clusteredBy([[10, 10, 10]], seed)!, seed);
  expect(intervalMethod).toBe("wilson_95_of_clusters");
  expect(lower).toBeCloseTo(0.7225, 4);
  expect(upper).toBe(1);
});

test("twice the median is valid: where the rate is the level, verdicts are false at most as often as is allowed", () => {
  // Clusters of 5 that stand and fall together, true rate 0.8; the plain test would call 20 % of such runs.
  const uniform = uniformsFrom(seed, 4);
  let called = 0;
  let calledPlainly = 0;
  for (let run = 0; run < 400; run += 1) {
    const right = Array.from({ length: 60 }, uniform).filter((drawn) => drawn < 0.8).length;
    const clustered = clusteredBy(
      [
        [5, 5, right],
        [5, 0, 60 - right],
      ],
      seed,
    );
    if (upperTail({ k: 5 * right, n: 300, clustered }, 0.8) <= 0.025) called += 1;
    if (upperTail({ k: 5 * right, n: 300, clustered: null }, 0.8) <= 0.025) calledPlainly += 1;
  }
  expect(called / 400).toBeLessThanOrEqual(0.025);
  expect(calledPlainly / 400).toBeGreaterThan(0.1);
});

test("work grows with the shapes and not with the rows", () => {
  const timeOf = (count: number) => {
    const started = performance.now();
    for (let run = 0; run < 20; run += 1)
      clusteredInterval(
        clusteredBy(
          [
            [2, 2, count],
            [2, 1, count],
            [1, 0, count],
          ],
          seed,
        )!,
        seed,
      );
    return performance.now() - started;
  };
  timeOf(100);
  // The least of several: other work on the machine only ever adds.
  const leastOf = (count: number) => Math.min(...Array.from({ length: 5 }, () => timeOf(count)));
  expect(leastOf(60_000)).toBeLessThan(20 * leastOf(60));
  expect(CLUSTER_DRAWS).toBe(1_000);
});
