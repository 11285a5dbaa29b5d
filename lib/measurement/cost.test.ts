import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type ComputeCost,
  type CostPrice,
  type KnownCost,
  type PaidEnvelope,
  costPerThousandCorrect,
  paidEnvelopeOf,
} from "./cost";
import { summariseEvaluation } from "./evaluation";
import { type EvaluationRow, columnSlice, columnValues } from "./slice";
import { wilsonInterval } from "./statistics";
import type { CostVolume } from "./volume";

const inPrice = { kind: "in_price" } as const;
const onInput = (k: number, n: number): PaidEnvelope => ({ covered: { k, n }, rows: n, paysOutside: false });

function known(
  price: CostPrice,
  compute: ComputeCost,
  envelope: PaidEnvelope,
  volume?: CostVolume,
): KnownCost {
  const cost = costPerThousandCorrect(price, compute, envelope, volume);
  if (cost.state !== "known") throw new Error(`The cost is not known: ${cost.reason}`);
  return cost;
}

test("where slices are told by the input, only calls inside are paid: price over the lower bound of the share", () => {
  const price = { kind: "per_1000_calls", minor: 20n } as const;
  const cost = known(price, inPrice, { ...onInput(96, 100), rows: 5_000 });
  expect(cost.totalPerThousandCallsMilli).toBe(20_000n);
  expect(Number(cost.perThousandCorrectMilli)).toBe(Math.ceil(20_000 / wilsonInterval(96, 100).lower));
  expect(cost).toMatchObject({ used: null, volume: null, computePerThousandCallsMilli: null });
});

test("where a slice is told by the answer, every call is paid: over the lower bound of coverage as well", () => {
  const price = { kind: "per_1000_calls", minor: 20n } as const;
  const cost = known(price, inPrice, { covered: { k: 96, n: 100 }, rows: 400, paysOutside: true });
  const by = wilsonInterval(96, 100).lower * wilsonInterval(100, 400).lower;
  expect(Number(cost.perThousandCorrectMilli)).toBeCloseTo(20_000 / by, -1);
  expect(cost.used).toMatchObject({ k: 100, n: 400 });
  // A quarter of the answers is used, so a right one costs more than four times as much.
  expect(Number(cost.perThousandCorrectMilli)).toBeGreaterThan(4 * 20_000);
});

const row = (columns: string[], right = true): EvaluationRow => ({
  label: "a",
  prediction: right ? "a" : "b",
  columns: columnValues(columns.map((column) => [column, "true"])),
});
const times = (count: number, one: EvaluationRow) => Array.from({ length: count }, () => one);
const kinds = {
  input: columnSlice("in", "true"),
  answer: { condition: { all: [{ on: "answer" as const, says: ["a"] }] }, discovered: false },
  both: {
    condition: { all: [...columnSlice("in", "true").condition.all, { on: "answer" as const, says: ["a"] }] },
    discovered: false,
  },
  output: columnSlice("in", "true", "output_column"),
};

test.each([
  [["input"], false],
  [["answer"], true],
  [["both"], true],
  [["output"], true],
  [["input", "answer"], true],
  [["input", "both"], true],
] as const)("reached slices told by %j make outside calls paid: %s", (told, paysOutside) => {
  const rows = [...times(100, row(["in"])), ...times(300, row([], false))];
  const slices = told.map((kind) => kinds[kind]);
  expect(paidEnvelopeOf(summariseEvaluation(rows, slices, 0.8))).toEqual({
    covered: { k: 100, n: 100 },
    rows: 400,
    paysOutside,
  });
});

test("a slice told by the answer that does not reach the level makes nobody pay for it", () => {
  const rows = [...times(100, row(["in"])), ...times(100, row([], false))];
  const wrong = { condition: { all: [{ on: "answer" as const, says: ["b"] }] }, discovered: false };
  const summary = summariseEvaluation(rows, [kinds.input, wrong], 0.8);
  expect(paidEnvelopeOf(summary)).toMatchObject({ covered: { n: 100 }, paysOutside: false });
});

test("a one-off price is spread over 100,000 calls a month for 12 months unless another volume is named", () => {
  const oneOff = { kind: "one_off", minor: 9_000n } as const;
  expect(known(oneOff, inPrice, onInput(100, 100)).pricePerThousandCallsMilli).toBe(7_500n);
  const small = { callsPerMonth: 1_000, months: 12 };
  expect(known(oneOff, inPrice, onInput(100, 100), small).pricePerThousandCallsMilli).toBe(750_000n);
});

const measured = (millisecondsPerThousandCalls: number, rateMinorPerHour: bigint): ComputeCost => ({
  kind: "measured",
  millisecondsPerThousandCalls,
  rateMinorPerHour,
});

test("compute is the measured time at the configured rate, rounded up", () => {
  const free = { kind: "free" } as const;
  expect(known(free, measured(3_600, 10n), onInput(9, 10)).computePerThousandCallsMilli).toBe(10n);
  expect(known(free, measured(0.01, 1n), onInput(9, 10)).computePerThousandCallsMilli).toBe(1n);
});

test("a cost of which a part is not known is not known, and never a number", () => {
  const free = { kind: "free" } as const;
  const dear = { kind: "per_1000_calls", minor: 5n } as const;
  expect(costPerThousandCorrect(free, inPrice, onInput(0, 9))).toEqual({
    state: "unknown",
    reason: "nothing_reached",
  });
  expect(costPerThousandCorrect(dear, { kind: "unknown" }, onInput(9, 9))).toEqual({
    state: "unknown",
    reason: "compute_not_measured",
  });
  // What is free and runs elsewhere costs nothing, which is known.
  expect(known(free, inPrice, onInput(9, 9)).perThousandCorrectMilli).toBe(0n);
});

const MOST = 2n ** 63n - 1n;

test("an amount beyond what a column holds reads as the most that it holds", () => {
  const cost = known({ kind: "per_1000_calls", minor: 10n ** 12n }, inPrice, {
    covered: { k: 1, n: 17 },
    rows: 200_000,
    paysOutside: true,
  });
  expect(cost.perThousandCorrectMilli).toBe(MOST);
});

const cases = fc
  .record({
    minor: fc.bigInt({ min: 0n, max: 10n ** 9n }),
    n: fc.integer({ min: 1, max: 100_000 }),
    wrong: fc.nat(100_000),
    outside: fc.nat(100_000),
    paysOutside: fc.boolean(),
    ms: fc.double({ min: 0, max: 1e9, noNaN: true }),
    rate: fc.bigInt({ min: 0n, max: 10n ** 6n }),
    kind: fc.constantFrom("per_1000_calls" as const, "one_off" as const),
    calls: fc.integer({ min: 1, max: 1_000_000_000 }),
    months: fc.integer({ min: 1, max: 120 }),
  })
  .map(({ n, wrong, outside, paysOutside, ms, rate, calls, months, ...price }) => ({
    price,
    compute: measured(ms, rate),
    envelope: { covered: { k: Math.max(1, n - wrong), n }, rows: n + outside, paysOutside },
    volume: { callsPerMonth: calls, months },
  }));

test("a cost is never below its price over the share seen, unless that is beyond the most, and its interval encloses what was seen", () => {
  fc.assert(
    fc.property(cases, ({ price, compute, envelope, volume }) => {
      const cost = known(price, compute, envelope, volume);
      const { covered, rows, paysOutside } = envelope;
      const share = (covered.k / covered.n) * (paysOutside ? covered.n / rows : 1);
      // The parts are rounded up by less than a thousandth of a minor unit.
      const total = Number(cost.totalPerThousandCallsMilli);
      const atLeast = Math.min(((total - 1) / share) * (1 - 1e-9), Number(MOST));
      expect(Number(cost.perThousandCorrectMilli)).toBeGreaterThanOrEqual(atLeast);
      expect(Number(cost.lowerMilli)).toBeLessThanOrEqual((total / share) * (1 + 1e-9) + 1);
      expect(cost.lowerMilli <= cost.perThousandCorrectMilli).toBe(true);
      expect(cost.perThousandCorrectMilli >= cost.pricePerThousandCallsMilli).toBe(true);
    }),
  );
});

test("a higher price never lowers the cost, nor does a smaller volume, nor paying for calls outside", () => {
  fc.assert(
    fc.property(
      cases,
      fc.bigInt({ min: 0n, max: 10n ** 9n }),
      ({ price, compute, envelope, volume }, more) => {
        const cost = (changed: Partial<{ price: CostPrice; envelope: PaidEnvelope; volume: CostVolume }>) =>
          known(changed.price ?? price, compute, changed.envelope ?? envelope, changed.volume ?? volume)
            .perThousandCorrectMilli;
        const here = cost({});
        expect(cost({ price: { ...price, minor: price.minor + more } }) >= here).toBe(true);
        expect(
          cost({ volume: { ...volume, callsPerMonth: Math.ceil(volume.callsPerMonth / 2) } }) >= here,
        ).toBe(true);
        expect(cost({ envelope: { ...envelope, paysOutside: true } }) >= here).toBe(true);
      },
    ),
  );
});

test("what is not known stays so, whatever is paid and however much is called", () => {
  fc.assert(
    fc.property(cases, ({ price, envelope, volume }) => {
      const cost = costPerThousandCorrect(price, { kind: "unknown" }, envelope, volume);
      expect(cost).toEqual({ state: "unknown", reason: "compute_not_measured" });
    }),
  );
});

test("refuses negative prices and empty volumes", () => {
  const right = onInput(1, 1);
  expect(() => costPerThousandCorrect({ kind: "one_off", minor: -1n }, inPrice, right)).toThrow(RangeError);
  const none = { callsPerMonth: 0, months: 12 };
  expect(() => costPerThousandCorrect({ kind: "one_off", minor: 1n }, inPrice, right, none)).toThrow(
    RangeError,
  );
});
