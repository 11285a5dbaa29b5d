import { randomBytes, randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { db, inTransaction } from "@/lib/platform/db";
import { enrolCommandLineKey, enrolKeyByPassword } from "./commands/keys";
import { changeProfile } from "./commands/profile";
import { device } from "./device.fixture";
import { limits } from "./limits";
import { openBrowser, openPerson, PASSWORD, race } from "./person.fixture";
import { openSession } from "./session/sign-in";

function keysOf(accountId: string, count: number, revokedAt: Date | null) {
  return Array.from({ length: count }, () => ({
    ...{ id: randomBytes(32).toString("hex"), accountId, kind: "device" as const, label: "Old one" },
    ...{ spki: randomBytes(91), enrolledBy: "reauthentication", effectiveAt: new Date(), revokedAt },
  }));
}

test("an account has fifty keys in force, also when several are enrolled at the same moment", async () => {
  const { actor, accountId } = await openPerson("Ada");
  await db.signingKey.createMany({ data: keysOf(accountId, limits.keysInForce - 2, null) });
  const enrol = () =>
    enrolKeyByPassword(actor, { ...device().fields(accountId), password: PASSWORD }, openBrowser());
  expect(await race(Array(6).fill(enrol))).toEqual({ won: 2, codes: Array(4).fill("limit_reached") });
});

test("an account enrols two hundred keys in all, the revoked ones among them; a demo account enrols more", async () => {
  for (const isDemo of [false, true]) {
    const { actor, accountId } = await openPerson("Ada", { isDemo });
    await db.signingKey.createMany({ data: keysOf(accountId, limits.keys, new Date()) });
    const request = device().fields(accountId);
    const enrolled = enrolCommandLineKey(actor, { request, accountPassword: PASSWORD }, openBrowser());
    if (isDemo) await expect(enrolled).resolves.toBeDefined();
    else await expect(enrolled).rejects.toMatchObject({ code: "limit_reached" });
  }
});

test("an account gives up twenty handles, and may take any of those again", async () => {
  const { actor, accountId, handle } = await openPerson("Ada");
  const profile = { displayName: "Ada", bio: "", websiteUrl: "" };
  const handles = Array.from({ length: limits.pastHandles - 1 }, () => `old-${randomUUID().slice(0, 8)}`);
  await db.pastHandle.createMany({ data: handles.map((old) => ({ handle: old, accountId })) });
  const last = `last-${randomUUID().slice(0, 8)}`;
  await changeProfile(actor, { ...profile, handle: last });
  const further = changeProfile(actor, { ...profile, handle: `more-${randomUUID().slice(0, 8)}` });
  await expect(further).rejects.toMatchObject({ code: "limit_reached" });
  expect(await db.account.findUnique({ where: { id: accountId } })).toMatchObject({ handle: last });
  await db.pastHandle.deleteMany({ where: { handle: handles[0] ?? "" } });
  await changeProfile(actor, { ...profile, handle });
});

test("of more than fifty sessions the one seen least lately ends; in a demo account none does", async () => {
  for (const isDemo of [false, true]) {
    const { accountId, sessionId } = await openPerson("Ada", { isDemo });
    await db.session.update({ where: { id: sessionId }, data: { lastSeenAt: new Date(0) } });
    const expiresAt = new Date(Date.now() + 86_400_000);
    await db.session.createMany({
      data: Array.from({ length: limits.sessions - 1 }, () => ({ accountId, expiresAt })),
    });
    await inTransaction((tx) => openSession(tx, accountId, "Test"));
    const first = await db.session.findUniqueOrThrow({ where: { id: sessionId } });
    expect(first.endedAt !== null).toBe(!isDemo);
    const open = await db.session.count({ where: { accountId, endedAt: null } });
    expect(open).toBe(isDemo ? limits.sessions + 1 : limits.sessions);
  }
});
