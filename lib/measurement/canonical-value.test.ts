import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalValue, sameValue } from "./canonical-value";

describe("two values", () => {
  it.each([
    ["1", "1.0"],
    ["-0", "0.00"],
    ["1e3", "1000"],
    ["1E-05", "0.00001"],
    ["2.50", "25e-1"],
    ["12345678901234567890", "12345678901234567890.0"],
    ["1e400", "10e399"],
    ["  ja ", "ja"],
    ["cafe\u0301", "caf\u00e9"],
  ])("are equal as decimals, and as texts in NFC without outer blanks: %s and %s", (a, b) => {
    expect(sameValue(a, b)).toBe(true);
  });

  it.each([
    ["12345678901234567890", "12345678901234567891"],
    ["0.1", "0.1000000000000000055"],
    ["1e400", "1e401"],
    ["007", "7"],
    ["+1", "1"],
    ["Ja", "ja"],
    ["a b", "a  b"],
    ["1", ""],
    ["1", "true"],
    ["1.2.0", "1.2"],
  ])("are never made equal by rounding, and codes and capitals stay as they are: %s and %s", (a, b) => {
    expect(sameValue(a, b)).toBe(false);
  });

  it("have one canonical text, which is its own", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.double().map(String)), (text) => {
        expect(canonicalValue(canonicalValue(text))).toBe(canonicalValue(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it("that are whole numbers compare as whole numbers of any length do", () => {
    const whole = fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n });
    fc.assert(
      fc.property(whole, whole, fc.nat(30), (a, b, zeros) => {
        expect(sameValue(`${a}`, `${b}`)).toBe(a === b);
        expect(sameValue(`${a * 10n ** BigInt(zeros)}`, `${a}.0e${zeros}`)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it("however long their exponents say, are compared by short texts", () => {
    expect(canonicalValue("1e999999").length).toBeLessThan(20);
    expect(canonicalValue("1e-999999").length).toBeLessThan(20);
  });
});
