import betaQuantile from "@stdlib/stats-base-dists-beta-quantile";
import binomialCdf from "@stdlib/stats-base-dists-binomial-cdf";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  binomialLowerTail,
  binomialPoint,
  binomialUpperTail,
  fisherTwoSided,
  holmAdjust,
  neededRows,
  ruleOfThree,
  wilsonInterval,
} from "./statistics";

const counts = (max: number) =>
  fc
    .integer({ min: 0, max })
    .chain((total) => fc.tuple(fc.integer({ min: 0, max: total }), fc.constant(total)));

/** P(X ≥ k) by whole numbers alone, for a rate given in hundredths. */
function exactUpperTail(k: number, n: number, percent: number): number {
  const p = BigInt(percent);
  let ways = 1n;
  let sum = 0n;
  for (let i = 0; i <= n; i++) {
    if (i >= k) sum += ways * p ** BigInt(i) * (100n - p) ** BigInt(n - i);
    ways = (ways * BigInt(n - i)) / BigInt(i + 1);
  }
  const shift = 10n ** 30n;
  return Number((sum * shift) / 100n ** BigInt(n)) / 1e30;
}

test.each([
  [19, 20, 0.764, 0.991],
  [48, 50, 0.865, 0.989],
  [96, 100, 0.902, 0.984],
  [192, 200, 0.923, 0.98],
  [960, 1000, 0.946, 0.9705],
  [50, 50, 0.929, 1],
  [100, 100, 0.963, 1],
])("the Wilson interval of %i of %i is [%f, %f]", (correct, total, lower, upper) => {
  const interval = wilsonInterval(correct, total);
  expect(interval.lower).toBeCloseTo(lower, 3);
  expect(interval.upper).toBeCloseTo(upper, 3);
});

test("a lower bound of 0.95 takes 73 flawless rows, about 203 at 98 % and about 1825 at 96 %", () => {
  expect(wilsonInterval(72, 72).lower).toBeLessThan(0.95);
  expect(wilsonInterval(73, 73).lower).toBeGreaterThanOrEqual(0.95);
  expect(wilsonInterval(199, 203).lower).toBeGreaterThanOrEqual(0.95);
  expect(wilsonInterval(1752, 1825).lower).toBeCloseTo(0.95, 4);
});

test("an interval contains the observed share, stays within 0 and 1, and mirrors when right and wrong swap", () => {
  fc.assert(
    fc.property(counts(1_000_000), ([correct, total]) => {
      const { lower, upper } = wilsonInterval(correct, total);
      const share = total === 0 ? 0.5 : correct / total;
      expect(lower).toBeGreaterThanOrEqual(0);
      expect(upper).toBeLessThanOrEqual(1);
      expect(lower).toBeLessThanOrEqual(share);
      expect(upper).toBeGreaterThanOrEqual(share);
      const mirrored = wilsonInterval(total - correct, total);
      expect(mirrored.lower).toBeCloseTo(1 - upper, 10);
    }),
  );
});

test("nothing seen says nothing", () => {
  expect(wilsonInterval(0, 0)).toEqual({ lower: 0, upper: 1 });
  expect(ruleOfThree(0)).toBe(1);
});

test.each([
  [2, 1],
  [-1, 3],
  [0.5, 3],
  [1, Number.NaN],
])("refuses %f of %f as counts", (correct, total) => {
  expect(() => wilsonInterval(correct, total)).toThrow(RangeError);
});

// Computed with exact whole numbers and 60-digit decimals outside this program.
test.each([
  [50, 50, 0.95, 0.07694497527671329],
  [96, 100, 0.9, 0.023711082663476753],
  [72, 74, 0.9, 0.01749959254322521],
  [960, 1000, 0.95, 0.08063657325669116],
  [9_600, 10_000, 0.95, 1.2070946639625573e-6],
  [950_500, 1_000_000, 0.95, 0.010872176589645384],
  [951_000, 1_000_000, 0.95, 2.1131824147903486e-6],
  [952_000, 1_000_000, 0.95, 1.3210565609637941e-20],
])("P(X ≥ %i of %i at %f) is %f", (successes, trials, rate, expected) => {
  expect(binomialUpperTail(successes, trials, rate) / expected).toBeCloseTo(1, 9);
});

test("tails agree with exact whole-number arithmetic", () => {
  const cases = fc.tuple(counts(120), fc.integer({ min: 1, max: 99 }));
  fc.assert(
    fc.property(cases, ([[k, n], percent]) => {
      const exact = exactUpperTail(k, n, percent);
      expect(Math.abs(binomialUpperTail(k, n, percent / 100) - exact)).toBeLessThan(1e-12);
      expect(Math.abs(binomialLowerTail(k - 1, n, percent / 100) - (1 - exact))).toBeLessThan(1e-12);
    }),
  );
});

test("stdlib finds the same tails, the upper one as the lower tail of the mirrored problem", () => {
  const rates = fc.constantFrom(0.05, 0.2, 0.5, 0.8, 0.9, 0.95, 0.99);
  fc.assert(
    fc.property(counts(100_000), rates, ([k, n], rate) => {
      const pairs = [
        [binomialLowerTail(k, n, rate), binomialCdf(k, n, rate)],
        [binomialUpperTail(k, n, rate), binomialCdf(n - k, n, 1 - rate)],
      ] as const;
      for (const [ours, theirs] of pairs) {
        expect(Math.abs(ours - theirs)).toBeLessThanOrEqual(1e-9 * theirs + 1e-200);
      }
    }),
  );
});

test("the limits of Clopper and Pearson, by stdlib, are the levels at which the tails are exactly α", () => {
  const cases = counts(5_000).filter(([k, n]) => k > 0 && k < n);
  fc.assert(
    fc.property(cases, fc.constantFrom(0.025, 0.001), ([k, n], alpha) => {
      const lower = betaQuantile(alpha, k, n - k + 1);
      const upper = 1 - betaQuantile(alpha, n - k, k + 1);
      expect(binomialUpperTail(k, n, lower) / alpha).toBeCloseTo(1, 8);
      expect(binomialLowerTail(k, n, upper) / alpha).toBeCloseTo(1, 8);
    }),
  );
});

test("the two tails share exactly one point and never disagree at any size", () => {
  const cases = fc.tuple(counts(1_000_000), fc.double({ min: 0.001, max: 0.999, noNaN: true }));
  fc.assert(
    fc.property(cases, ([[k, n], rate]) => {
      const both = binomialUpperTail(k, n, rate) + binomialLowerTail(k, n, rate);
      expect(both).toBeCloseTo(1 + binomialPoint(k, n, rate), 9);
    }),
    { numRuns: 300 },
  );
});

test("certain rates give certain answers", () => {
  expect(binomialUpperTail(1, 5, 0)).toBe(0);
  expect(binomialUpperTail(5, 5, 1)).toBe(1);
  expect(binomialLowerTail(4, 5, 1)).toBe(0);
  expect(binomialLowerTail(-1, 5, 0.3)).toBe(0);
  expect(binomialUpperTail(0, 0, 0.3)).toBe(1);
  expect(() => binomialUpperTail(1, 2, 1.5)).toThrow(RangeError);
});

test("Holm's worked example: 0.01, 0.04, 0.03, 0.005 become 0.03, 0.06, 0.06, 0.02", () => {
  const adjusted = holmAdjust([0.01, 0.04, 0.03, 0.005]);
  [0.03, 0.06, 0.06, 0.02].forEach((value, index) => expect(adjusted[index]).toBeCloseTo(value, 12));
});

test("Holm's adjustment never helps a p-value, keeps the order, and is never stricter than Bonferroni", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 60 }), (values) => {
      const adjusted = holmAdjust(values);
      values.forEach((value, i) => {
        expect(adjusted[i]).toBeGreaterThanOrEqual(value);
        expect(adjusted[i]).toBeLessThanOrEqual(Math.min(1, value * values.length));
        values.forEach((other, j) => {
          if (value < other) expect(adjusted[i]!).toBeLessThanOrEqual(adjusted[j]!);
        });
      });
    }),
  );
});

test("no failure in n rows leaves a failure rate of at most three in n", () => {
  expect(ruleOfThree(300)).toBe(0.01);
  expect(ruleOfThree(2)).toBe(1);
  fc.assert(
    fc.property(fc.integer({ min: 20, max: 100_000 }), (n) => {
      expect(binomialLowerTail(0, n, ruleOfThree(n))).toBeLessThanOrEqual(0.05);
    }),
  );
});

test("flawless answers decide 0.95 after 72 rows when nothing has been seen", () => {
  expect(neededRows(0, 0, 0.95)).toBe(72);
  expect(neededRows(0, 0, 0.99)).toBe(368);
});

test("the rows needed are more than were seen, decide at that count and not one row earlier", () => {
  const cases = fc.tuple(counts(400), fc.constantFrom(0.8, 0.9, 0.95, 0.99));
  fc.assert(
    fc.property(cases, ([[k, n], level]) => {
      const alpha = 0.0025;
      const undecided = binomialUpperTail(k, n, level) > alpha && binomialLowerTail(k, n, level) > alpha;
      fc.pre(undecided && n > 0);
      const needed = neededRows(k, n, level, alpha);
      if (needed === null) return;
      const pValue = (rows: number) =>
        k / n > level
          ? binomialUpperTail(Math.floor((k * rows) / n), rows, level)
          : binomialLowerTail(Math.ceil((k * rows) / n), rows, level);
      expect(needed).toBeGreaterThan(n);
      expect(pValue(needed)).toBeLessThanOrEqual(alpha);
      expect(pValue(needed - 1)).toBeGreaterThan(alpha);
    }),
  );
});

test("a rate equal to the level can never be decided", () => {
  expect(neededRows(9, 10, 0.9)).toBeNull();
});

// Fisher's tea and his convicted twins (1935), the latter two-sided as in R's manual; then tables done by hand.
test.each([
  [3, 4, 1, 4, 0.4857142857142857],
  [10, 13, 2, 17, 0.0005367241],
  [8, 10, 1, 6, 0.03496503496503497],
  [0, 5, 5, 5, 0.007936507936507936],
])("%i of %i against %i of %i have the two-sided p-value %d", (k, n, otherK, otherN, expected) => {
  expect(fisherTwoSided({ k, n }, { k: otherK, n: otherN })).toBeCloseTo(expected, 7);
});

/** The same by whole numbers alone. */
function exactFisher(k: number, n: number, otherK: number, otherN: number): number {
  const choose = (of: number, from: number) => {
    let ways = 1n;
    for (let i = 0; i < of; i++) ways = (ways * BigInt(from - i)) / BigInt(i + 1);
    return ways;
  };
  const right = k + otherK;
  const waysOf = (at: number) => choose(at, n) * choose(right - at, otherN);
  let asRare = 0n;
  let all = 0n;
  for (let at = Math.max(0, right - otherN); at <= Math.min(n, right); at++) {
    all += waysOf(at);
    if (waysOf(at) <= waysOf(k)) asRare += waysOf(at);
  }
  return Number((asRare * 10n ** 18n) / all) / 1e18;
}

test("the exact test of two samples agrees with whole-number arithmetic, goes both ways, and is 1 where nothing differs", () => {
  fc.assert(
    fc.property(counts(120), counts(120), ([k, n], [otherK, otherN]) => {
      const [one, other] = [
        { k, n },
        { k: otherK, n: otherN },
      ];
      const p = fisherTwoSided(one, other);
      expect(p).toBeCloseTo(exactFisher(k, n, otherK, otherN), 9);
      expect(fisherTwoSided(other, one)).toBeCloseTo(p, 9);
      expect(fisherTwoSided(one, one)).toBeCloseTo(1, 9);
    }),
  );
  expect(fisherTwoSided({ k: 190_000, n: 200_000 }, { k: 189_000, n: 200_000 })).toBeLessThan(1e-10);
});
