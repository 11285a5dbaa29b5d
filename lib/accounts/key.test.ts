import fc from "fast-check";
import { expect, test } from "vitest";
import { effectiveAtOf, enrolmentText, keyIsValidAt, keyMaySign, keyState } from "./key";

const now = new Date("2026-11-22T12:00:00Z");
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);

test.each(["first_key", "existing_key"] as const)("counts at once when enrolled by %s", (enrolment) => {
  const key = { enrolledAt: now, effectiveAt: effectiveAtOf(enrolment, now), revokedAt: null };
  expect(keyIsValidAt(key, now)).toBe(true);
  expect(keyState(key, now)).toBe("in_force");
});

test("counts 24 hours after re-authentication, and not a millisecond sooner", () => {
  const key = { enrolledAt: now, effectiveAt: effectiveAtOf("reauthentication", now), revokedAt: null };
  expect(keyState(key, now)).toBe("waiting");
  expect(keyIsValidAt(key, new Date(later(86_400).getTime() - 1))).toBe(false);
  expect(keyIsValidAt(key, later(86_400))).toBe(true);
});

test("keeps what was signed before a revocation and nothing after it", () => {
  const key = { enrolledAt: now, effectiveAt: now, revokedAt: later(60) };
  expect(keyIsValidAt(key, later(59))).toBe(true);
  expect(keyIsValidAt(key, later(60))).toBe(false);
  expect(keyState(key, later(61))).toBe("revoked");
});

test("never counts when revoked while it waited", () => {
  const key = { enrolledAt: now, effectiveAt: later(86_400), revokedAt: later(60) };
  fc.assert(
    fc.property(fc.integer({ min: -1_000_000, max: 1_000_000 }), (seconds) => {
      expect(keyIsValidAt(key, later(seconds))).toBe(false);
    }),
  );
});

test("names account and key in what is signed, so that it fits no other", () => {
  expect(enrolmentText("a", "k")).toBe("offcut key enrolment v1\naccount a\nkey k\n");
  expect(enrolmentText("a", "k")).not.toBe(enrolmentText("b", "k"));
});

test("lets a delegated key sign receipts only", () => {
  expect(keyMaySign("delegated", "receipt")).toBe(true);
  expect(keyMaySign("delegated", "statement")).toBe(false);
  expect(keyMaySign("device", "statement")).toBe(true);
});
