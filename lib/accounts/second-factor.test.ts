import { expect, test } from "vitest";
import type { RoleName } from "./actor";
import { isExempt, mustKeepFactor, removableAt, wakeRoles } from "./second-factor";

const ALL: RoleName[] = ["evaluator", "moderator", "administrator"];

test("roles of operators sleep without a second factor, and an evaluator's does not", () => {
  const without = wakeRoles(ALL, { hasSecondFactor: false, isExempt: false });
  expect(without).toEqual({ roles: ["evaluator"], sleepingRoles: ["moderator", "administrator"] });
  const withOne = wakeRoles(ALL, { hasSecondFactor: true, isExempt: false });
  expect(withOne).toEqual({ roles: ALL, sleepingRoles: [] });
});

test("only a demo account is exempt, and only in a demo", () => {
  expect(isExempt({ isDemo: true }, true)).toBe(true);
  expect(isExempt({ isDemo: true }, false)).toBe(false);
  expect(isExempt({ isDemo: false }, true)).toBe(false);
  const exempt = wakeRoles(ALL, { hasSecondFactor: false, isExempt: true });
  expect(exempt.sleepingRoles).toEqual([]);
});

test("the last factor stays where an operator's role or payout details need it", () => {
  expect(mustKeepFactor({ roles: [], needsSecondFactor: false })).toBe(false);
  expect(mustKeepFactor({ roles: ["evaluator"], needsSecondFactor: false })).toBe(false);
  expect(mustKeepFactor({ roles: ["moderator"], needsSecondFactor: false })).toBe(true);
  expect(mustKeepFactor({ roles: [], needsSecondFactor: true })).toBe(true);
});

test("lost factors can be removed 72 hours after somebody asked", () => {
  expect(removableAt(new Date("2026-01-01T00:00:00Z"))).toEqual(new Date("2026-01-04T00:00:00Z"));
});
