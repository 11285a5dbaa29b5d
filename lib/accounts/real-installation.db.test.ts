import { expect, test, vi } from "vitest";
import { db, inTransaction } from "@/lib/platform/db";
import { requireSecondFactor } from "./commands/require-second-factor";
import { startApp } from "./commands/second-factors";
import { openBrowser, openPerson, PASSWORD } from "./person.fixture";
import { findSessionActor } from "./session/session";

// Not a demo: whatever an account was marked as elsewhere.
vi.hoisted(() => {
  process.env["OFFCUT_DEMO"] = "0";
});

test("outside a demo an account marked as a demo's is asked like any other, and may set a second step up", async () => {
  const person = await openPerson("Demo", { isDemo: true });
  await db.account.update({
    where: { id: person.accountId },
    data: { roles: ["moderator", "administrator"] },
  });
  const actor = await findSessionActor(person.sessionId);
  expect([actor?.roles, actor?.sleepingRoles]).toEqual([[], ["moderator", "administrator"]]);
  await expect(inTransaction((tx) => requireSecondFactor(tx, person.actor))).rejects.toMatchObject({
    code: "second_factor_missing",
  });
  const { redirectTo } = await startApp(person.actor, { label: "Phone", password: PASSWORD }, openBrowser());
  expect(redirectTo).toBe("/account/second-step/app/confirm");
});
