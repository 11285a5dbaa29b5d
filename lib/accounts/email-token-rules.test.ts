import { expect, test } from "vitest";
import { tokenIsUsable } from "./email-token-rules";

const now = new Date("2026-11-22T12:00:00Z");
const token = { purpose: "verify_email" as const, usedAt: null, expiresAt: new Date("2026-11-22T12:00:01Z") };

test("works until it runs out", () => {
  expect(tokenIsUsable(token, "verify_email", now)).toBe(true);
  expect(tokenIsUsable({ ...token, expiresAt: now }, "verify_email", now)).toBe(false);
});

test("works once", () => {
  expect(tokenIsUsable({ ...token, usedAt: now }, "verify_email", now)).toBe(false);
});

test("works for its own purpose only", () => {
  expect(tokenIsUsable(token, "reset_password", now)).toBe(false);
});
