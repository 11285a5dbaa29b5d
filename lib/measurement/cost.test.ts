import fc from "fast-check";
import { expect, test } from "vitest";
import { costPerThousandCorrect, milliToMinorRoundedUp } from "./cost";
import { wilsonInterval } from "./statistics";

test("a price per 1,000 calls is divided by the lower bound of the share of correct answers", () => {
  const cost = costPerThousandCorrect({ kind: "per_1000_calls", minor: 20n }, null, { k: 96, n: 100 });
  expect(cost?.totalPerThousandCallsMilli).toBe(20_000n);
  expect(Number(cost?.perThousandCorrectMilli)).toBe(Math.ceil(20_000 / wilsonInterval(96, 100).lower));
  expect(cost?.computePerThousandCallsMilli).toBeNull();
  expect(cost?.volume).toBeNull();
});

test("a one-off price is spread over 100,000 calls a month for 12 months unless another volume is named", () => {
  const oneOff = { kind: "one_off", minor: 9_000n } as const;
  const usual = costPerThousandCorrect(oneOff, null, { k: 100, n: 100 });
  expect(usual?.pricePerThousandCallsMilli).toBe(7_500n);
  const small = costPerThousandCorrect(
    oneOff,
    null,
    { k: 100, n: 100 },
    { callsPerMonth: 1_000, months: 12 },
  );
  expect(small?.pricePerThousandCallsMilli).toBe(750_000n);
});

test("compute is the measured time at the configured rate, rounded up", () => {
  const compute = { millisecondsPerThousandCalls: 3_600, rateMinorPerHour: 10n };
  const cost = costPerThousandCorrect({ kind: "free" }, compute, { k: 9, n: 10 });
  expect(cost?.computePerThousandCallsMilli).toBe(10n);
  const tiny = { millisecondsPerThousandCalls: 0.01, rateMinorPerHour: 1n };
  expect(costPerThousandCorrect({ kind: "free" }, tiny, { k: 9, n: 10 })?.computePerThousandCallsMilli).toBe(
    1n,
  );
});

test("no correct row, no cost", () => {
  expect(costPerThousandCorrect({ kind: "free" }, null, { k: 0, n: 0 })).toBeNull();
  expect(costPerThousandCorrect({ kind: "per_1000_calls", minor: 5n }, null, { k: 0, n: 9 })).toBeNull();
});

test("the interval encloses the point, and the headline is its dear end", () => {
  const cases = fc.record({
    minor: fc.bigInt({ min: 0n, max: 10n ** 12n }),
    n: fc.integer({ min: 1, max: 100_000 }),
    wrong: fc.integer({ min: 0, max: 100_000 }),
    ms: fc.double({ min: 0, max: 1e9, noNaN: true }),
    rate: fc.bigInt({ min: 0n, max: 10n ** 6n }),
    kind: fc.constantFrom("per_1000_calls" as const, "one_off" as const),
  });
  fc.assert(
    fc.property(cases, ({ minor, n, wrong, ms, rate, kind }) => {
      const k = Math.max(1, n - wrong);
      const compute = { millisecondsPerThousandCalls: ms, rateMinorPerHour: rate };
      const cost = costPerThousandCorrect({ kind, minor }, compute, { k, n })!;
      expect(cost.lowerMilli <= cost.pointMilli && cost.pointMilli <= cost.upperMilli).toBe(true);
      expect(cost.perThousandCorrectMilli).toBe(cost.upperMilli);
      expect(cost.upperMilli >= cost.totalPerThousandCallsMilli).toBe(true);
      const parts = cost.pricePerThousandCallsMilli + (cost.computePerThousandCallsMilli ?? 0n);
      expect(parts - cost.totalPerThousandCallsMilli <= 1n).toBe(true);
    }),
  );
});

test("refuses negative prices and empty volumes", () => {
  const right = { k: 1, n: 1 };
  expect(() => costPerThousandCorrect({ kind: "one_off", minor: -1n }, null, right)).toThrow(RangeError);
  const none = { callsPerMonth: 0, months: 12 };
  expect(() => costPerThousandCorrect({ kind: "one_off", minor: 1n }, null, right, none)).toThrow(RangeError);
});

test("thousandths of a minor unit round up to whole ones", () => {
  expect([0n, 1n, 1_000n, 1_001n].map(milliToMinorRoundedUp)).toEqual([0n, 1n, 1n, 2n]);
});
