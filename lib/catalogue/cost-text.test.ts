import fc from "fast-check";
import { expect, test } from "vitest";
import { costTexts } from "./cost-text";

const costOf = (lower: bigint, upper: bigint) => costTexts({ value: upper, lower, upper }, "EUR");

test("a small cost keeps two digits that matter and is rounded up", () => {
  expect(costOf(29_000n, 30_001n).value).toBe("€0.31");
  expect(costOf(900n, 1_101n).value).toBe("€0.0111");
  expect(costOf(1n, 1n).value).toBe("€0.00001");
});

test("a value reads as the end of the interval that it is", () => {
  expect(costOf(1_002n, 1_061n)).toEqual({ value: "€0.0107", range: "€0.0101–0.0107" });
  expect(costOf(29_000n, 36_000n)).toEqual({ value: "€0.36", range: "€0.29–0.36" });
});

test("the ends of an interval read differently, however near they are", () => {
  expect(costOf(1_081n, 1_094n).range).toBe("€0.0109–0.0110");
  expect(costOf(1_083n, 1_089n).range).toBe("€0.01083–0.01089");
});

test("ends that are the same are one figure", () => {
  expect(costOf(1_083n, 1_083n)).toEqual({ value: "€0.011", range: "€0.011" });
});

test("no interval of two costs reads as the same figure twice, and its value is never outside", () => {
  const milli = fc.bigInt({ min: 0n, max: 10_000_000n });
  fc.assert(
    fc.property(milli, milli, milli, (...three) => {
      const [lower, value, upper] = three.sort((a, b) => Number(a - b)) as [bigint, bigint, bigint];
      const texts = costTexts({ lower, value, upper }, "EUR");
      const [low, high = low] = texts.range.replace("€", "").split("–");
      if (texts.range.includes("–")) expect(high).not.toBe(low);
      const number = (text = "") => Number(text.replace("€", "").replaceAll(",", ""));
      expect(number(texts.value)).toBeGreaterThanOrEqual(number(low));
      expect(number(texts.value)).toBeLessThanOrEqual(number(high));
    }),
  );
});
