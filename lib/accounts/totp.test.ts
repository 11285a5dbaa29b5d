import { expect, test } from "vitest";
import { matchingStep, otpauthUri, secretText, totpCode } from "./totp";

const SECRET = new TextEncoder().encode("12345678901234567890");

/** RFC 6238, appendix B, SHA-1; the RFC prints eight digits, of which the last six are the six-digit code. */
const VECTORS = [
  [59, "94287082"],
  [1111111109, "07081804"],
  [1111111111, "14050471"],
  [1234567890, "89005924"],
  [2000000000, "69279037"],
  [20000000000, "65353130"],
] as const;

test.each(VECTORS)("knows the code of RFC 6238 at %i seconds", (seconds, code) => {
  const step = matchingStep(SECRET, code.slice(2), new Date(seconds * 1000));
  expect(step).toBe(Math.floor(seconds / 30));
});

test("takes a code one step early or late, names its step, and takes none further off", () => {
  const code = "287082";
  const stepStart = 30_000;
  expect(matchingStep(SECRET, code, new Date(stepStart - 1))).toBe(1);
  expect(matchingStep(SECRET, code, new Date(stepStart + 59_999))).toBe(1);
  expect(matchingStep(SECRET, code, new Date(stepStart + 60_000))).toBeNull();
  expect(matchingStep(SECRET, "287083", new Date(stepStart))).toBeNull();
});

test("reads a secret that is a view into a larger buffer", () => {
  const view = Buffer.concat([Buffer.alloc(8), Buffer.from(SECRET), Buffer.alloc(8)]).subarray(8, 28);
  expect(matchingStep(view, "287082", new Date(59_000))).toBe(1);
  expect(secretText(view)).toBe("GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
});

test("gives an app everything it needs in one address", () => {
  const uri = new URL(otpauthUri(SECRET, "ada@example.org"));
  expect(uri.protocol + uri.host).toBe("otpauth:totp");
  expect(decodeURIComponent(uri.pathname)).toBe("/Offcut:ada@example.org");
  expect(Object.fromEntries(uri.searchParams)).toEqual({
    issuer: "Offcut",
    secret: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
    algorithm: "SHA1",
    digits: "6",
    period: "30",
  });
});

test("tells six digits, however they are spaced, from a recovery code", () => {
  expect(totpCode(" 123 456")).toBe("123456");
  for (const typed of ["12345", "1234567", "12345a", "٤٤٤٤٤٤", ""]) expect(totpCode(typed)).toBeNull();
});
