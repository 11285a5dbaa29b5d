import fc from "fast-check";
import { expect, test } from "vitest";
import {
  decimalString,
  formatColumnMoney,
  formatMoney,
  money,
  parseAmount,
  splitByBasisPoints,
} from "./money";

test("a whole amount drops its zeros and a broken one keeps them", () => {
  expect(formatMoney(money(9000n, "EUR"))).toBe("€90");
  expect(formatMoney(money(31n, "EUR"))).toBe("€0.31");
  expect(formatMoney(money(500n, "JPY"))).toBe("¥500");
});

test("in a column every amount keeps its zeros", () => {
  expect(formatColumnMoney(money(9000n, "EUR"))).toBe("€90.00");
  expect(formatColumnMoney(money(123_456_789n, "EUR"))).toBe("€1,234,567.89");
  expect(formatColumnMoney(money(500n, "JPY"))).toBe("¥500");
});

test("what was parsed prints as the same decimal", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 12n - 1n }), (minor) => {
      expect(parseAmount(decimalString(minor, 2), "EUR")).toBe(minor);
    }),
  );
});

test.each(["-1", "", "1.234", "1e3", "1 000", "NaN", "9999999999999"])("refuses %j as an amount", (text) => {
  expect(() => parseAmount(text, "EUR")).toThrow(expect.objectContaining({ code: "amount_invalid" }));
});

test("a split gives every unit to somebody and never more than one unit beyond the exact share", () => {
  const shares = fc
    .array(fc.integer({ min: 0, max: 10_000 }), { minLength: 0, maxLength: 6 })
    .map((cuts) => [0, ...cuts.sort((a, b) => a - b), 10_000])
    .map((cuts) => cuts.slice(1).map((cut, index) => cut - (cuts[index] ?? 0)));
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), shares, (minor, basisPoints) => {
      const parts = splitByBasisPoints(minor, basisPoints);
      expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(minor);
      parts.forEach((part, index) => {
        const exact = minor * BigInt(basisPoints[index] ?? 0);
        expect(part * 10_000n - exact < 10_000n && exact - part * 10_000n < 10_000n).toBe(true);
      });
    }),
  );
});

test("shares that do not add up to the whole are refused", () => {
  expect(() => splitByBasisPoints(100n, [5000, 4999])).toThrow(
    expect.objectContaining({ code: "shares_invalid" }),
  );
});
