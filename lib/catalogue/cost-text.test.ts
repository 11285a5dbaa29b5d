import fc from "fast-check";
import { expect, test } from "vitest";
import { formatMilli, formatMilliRange } from "./cost-text";

test("a small cost keeps two digits that matter and is rounded up", () => {
  expect(formatMilli(30_001n, "EUR")).toBe("€0.31");
  expect(formatMilli(1_101n, "EUR")).toBe("€0.012");
});

test("the ends of an interval read differently, however near they are", () => {
  expect(formatMilliRange(29_000n, 36_000n, "EUR")).toBe("€0.29–0.36");
  expect(formatMilliRange(1_081n, 1_094n, "EUR")).toBe("€0.0109–0.011");
  expect(formatMilliRange(1_083n, 1_089n, "EUR")).toBe("€0.01083–0.01089");
});

test("ends that are the same are one figure", () => {
  expect(formatMilliRange(1_083n, 1_083n, "EUR")).toBe("€0.011");
});

test("no interval of two costs reads as the same figure twice", () => {
  const milli = fc.bigInt({ min: 0n, max: 10_000_000n });
  fc.assert(
    fc.property(milli, milli, (a, b) => {
      const [low, high] = formatMilliRange(a < b ? a : b, a < b ? b : a, "EUR").split("–");
      expect(`€${high}`).not.toBe(low);
    }),
  );
});
