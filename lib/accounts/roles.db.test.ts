import { beforeAll, expect, test } from "vitest";
import { db } from "@/lib/platform/db";
import { grantRole, revokeRole } from "./commands/roles";
import { changeProfile } from "./commands/profile";
import { mailsTo, openPerson, race } from "./person.fixture";
import { findProfile, searchAccounts } from "./queries/accounts";
import { findSessionActor } from "./session/session";

const reason = "passed the check";

beforeAll(async () => {
  await db.account.updateMany({ data: { roles: [] } });
});

test("grants and takes a role on the account's next request, audited and told by mail", async () => {
  const root = await openPerson("Root", { roles: ["administrator"] });
  const person = await openPerson("Eva");
  await grantRole(root.actor, { handle: person.handle, role: "evaluator", reason });
  expect((await findSessionActor(person.sessionId))?.roles).toEqual(["evaluator"]);
  await revokeRole(root.actor, { handle: person.handle, role: "evaluator", reason: "conflict of interest" });
  expect((await findSessionActor(person.sessionId))?.roles).toEqual([]);
  const events = await db.auditEvent.findMany({
    where: { subjectId: person.accountId },
    orderBy: { id: "asc" },
  });
  expect(events.map((event) => [event.action, event.actorId, event.reason])).toEqual([
    ["role.granted", root.accountId, reason],
    ["role.revoked", root.accountId, "conflict of interest"],
  ]);
  expect((await mailsTo(person.email)).filter((mail) => mail.subject === "Your roles changed")).toHaveLength(
    2,
  );
});

test.each([[], ["evaluator"], ["moderator"]] as const)("hides roles and search from %j", async (...roles) => {
  const person = await openPerson("Eva", { roles: [...roles].filter(Boolean) as ["moderator"] });
  const input = { handle: person.handle, role: "administrator" as const, reason };
  await expect(grantRole(person.actor, input)).rejects.toMatchObject({ code: "not_found" });
  await expect(revokeRole(person.actor, input)).rejects.toMatchObject({ code: "not_found" });
  await expect(searchAccounts(person.actor, "")).rejects.toMatchObject({ code: "not_found" });
});

test("refuses an administrator who lost the role since this page was loaded", async () => {
  const [root, second] = [
    await openPerson("Root", { roles: ["administrator"] }),
    await openPerson("Second", { roles: ["administrator"] }),
  ];
  await revokeRole(root.actor, { handle: second.handle, role: "administrator", reason });
  await expect(
    grantRole(second.actor, { handle: second.handle, role: "administrator", reason }),
  ).rejects.toMatchObject({ code: "not_found" });
});

test("never loses the last administrator, even when two remove each other at the same moment", async () => {
  await db.account.updateMany({ data: { roles: [] } });
  const one = await openPerson("One", { roles: ["administrator"] });
  const two = await openPerson("Two", { roles: ["administrator"] });
  const outcome = await race([
    () => revokeRole(one.actor, { handle: two.handle, role: "administrator", reason }),
    () => revokeRole(two.actor, { handle: one.handle, role: "administrator", reason }),
  ]);
  expect(outcome.won).toBe(1);
  const left = await db.account.findMany({ where: { roles: { has: "administrator" } } });
  expect(left).toHaveLength(1);
  const last = left[0]?.handle === one.handle ? one : two;
  await expect(
    revokeRole(last.actor, { handle: last.handle, role: "administrator", reason }),
  ).rejects.toMatchObject({ code: "last_administrator" });
});

test("keeps a handle with its account for ever: old links lead on, and nobody else can take it", async () => {
  const [ada, eve] = [await openPerson("Ada"), await openPerson("Eve")];
  const profile = { displayName: "Ada", bio: "", websiteUrl: "" };
  const handle = `${ada.handle}-new`.slice(0, 30);
  await changeProfile(ada.actor, { ...profile, handle });
  expect((await findProfile(ada.handle))?.handle).toBe(handle);
  for (const wanted of [ada.handle, handle]) {
    await expect(changeProfile(eve.actor, { ...profile, handle: wanted })).rejects.toMatchObject({
      code: "handle_taken",
    });
  }
  await changeProfile(ada.actor, { ...profile, handle: ada.handle });
  expect((await findProfile(handle))?.handle).toBe(ada.handle);
});

test("gives one handle to one of several who ask for it at the same moment", async () => {
  const people = await Promise.all(Array.from({ length: 5 }, (_, index) => openPerson(`P${index}`)));
  const outcome = await race(
    people.map(
      ({ actor }) =>
        () =>
          changeProfile(actor, { displayName: "Somebody", handle: "wanted-handle", bio: "", websiteUrl: "" }),
    ),
  );
  expect(outcome).toEqual({ won: 1, codes: Array(4).fill("handle_taken") });
});

test("shows a suspended account as suspended, without its own words and links", async () => {
  const person = await openPerson("Ada");
  await db.account.update({
    where: { id: person.accountId },
    data: { status: "suspended", bio: "words", websiteUrl: "https://a.example" },
  });
  expect(await findProfile(person.handle)).toMatchObject({ isSuspended: true, bio: "", websiteUrl: null });
});
