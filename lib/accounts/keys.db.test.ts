import { expect, test } from "vitest";
import { currentTime } from "@/lib/platform/clock";
import { db } from "@/lib/platform/db";
import {
  approveKey,
  enrolCommandLineKey,
  enrolFirstDeviceKey,
  enrolKeyByKey,
  enrolKeyByPassword,
  revokeKey,
} from "./commands/keys";
import { device } from "./device.fixture";
import { KEY_WAIT_SECONDS, keyIsValidAt } from "./key";
import { mailsTo, openBrowser, openPerson, PASSWORD, race } from "./person.fixture";
import { findSigningKey, listOwnKeys, listSigningKeys } from "./queries/accounts";

async function isInForce(keyId: string): Promise<boolean> {
  const key = await findSigningKey(keyId);
  return key !== null && keyIsValidAt(key, await currentTime());
}

test("enrols the first device without a question, once", async () => {
  const { actor, accountId } = await openPerson("Ada");
  const laptop = device();
  await enrolFirstDeviceKey(actor, laptop.fields(accountId));
  await enrolFirstDeviceKey(actor, laptop.fields(accountId));
  expect(await isInForce(laptop.keyId)).toBe(true);
  expect(await listSigningKeys(accountId)).toHaveLength(1);
});

test("enrols one first key when two devices come at the same moment", async () => {
  const { actor, accountId } = await openPerson("Ada");
  const outcome = await race(
    Array.from({ length: 6 }, () => () => enrolFirstDeviceKey(actor, device().fields(accountId))),
  );
  expect(outcome).toEqual({ won: 1, codes: Array(5).fill("key_needs_approval") });
});

test("enrols no key that did not sign its own enrolment for this account", async () => {
  const [ada, eve] = [await openPerson("Ada"), await openPerson("Eve")];
  const laptop = device();
  await expect(enrolFirstDeviceKey(eve.actor, laptop.fields(ada.accountId))).rejects.toMatchObject({
    code: "key_unproven",
  });
});

test("keeps one key out of two accounts", async () => {
  const [ada, eve] = [await openPerson("Ada"), await openPerson("Eve")];
  const shared = device();
  await enrolFirstDeviceKey(ada.actor, shared.fields(ada.accountId));
  await expect(enrolFirstDeviceKey(eve.actor, shared.fields(eve.accountId))).rejects.toMatchObject({
    code: "key_taken",
  });
});

test("lets a device enrolled by password sign 24 hours later, with a notice to the owner", async () => {
  const { actor, accountId, email } = await openPerson("Ada");
  await enrolFirstDeviceKey(actor, device().fields(accountId));
  const phone = device();
  const enrol = (password: string) =>
    enrolKeyByPassword(actor, { ...phone.fields(accountId), password }, openBrowser());
  await expect(enrol("wrong")).rejects.toMatchObject({ code: "wrong_password" });
  expect(await findSigningKey(phone.keyId)).toBeNull();
  await enrol(PASSWORD);
  const key = await findSigningKey(phone.keyId);
  expect(key && key.effectiveAt.getTime() - key.enrolledAt.getTime()).toBe(86_400_000);
  expect(await isInForce(phone.keyId)).toBe(false);
  await expect(enrolFirstDeviceKey(actor, phone.fields(accountId))).rejects.toMatchObject({
    code: "key_waiting",
  });
  expect((await mailsTo(email)).some((mail) => mail.subject.includes("asks to sign"))).toBe(true);
});

test("lets a waiting key sign at once when a key in force vouches, and no other key can", async () => {
  const { actor, accountId } = await openPerson("Ada");
  const [laptop, phone, thief] = [device(), device(), device()];
  await enrolFirstDeviceKey(actor, laptop.fields(accountId));
  for (const one of [phone, thief]) {
    await enrolKeyByPassword(actor, { ...one.fields(accountId), password: PASSWORD }, openBrowser());
  }
  const approve = (voucher: { byKeyId: string; signature: string }) =>
    approveKey(actor, { keyId: phone.keyId, ...voucher });
  await expect(approve(phone.vouchFor(accountId, phone.keyId))).rejects.toMatchObject({
    code: "key_not_in_force",
  });
  await expect(approve(thief.vouchFor(accountId, phone.keyId))).rejects.toMatchObject({
    code: "key_not_in_force",
  });
  await expect(approve(laptop.vouchFor(accountId, thief.keyId))).rejects.toMatchObject({
    code: "key_unproven",
  });
  await approve(laptop.vouchFor(accountId, phone.keyId));
  expect(await isInForce(phone.keyId)).toBe(true);
});

test("enrols a key for which a key in force vouches, but not by a delegated one", async () => {
  const { actor, accountId } = await openPerson("Ada");
  const [laptop, receipts, console] = [device(), device(), device()];
  await enrolFirstDeviceKey(actor, laptop.fields(accountId));
  await enrolKeyByKey(actor, {
    ...receipts.fields(accountId),
    kind: "delegated",
    ...laptop.vouchFor(accountId, receipts.keyId),
  });
  const command = { ...console.fields(accountId), kind: "command_line" as const };
  await expect(
    enrolKeyByKey(actor, { ...command, ...receipts.vouchFor(accountId, console.keyId) }),
  ).rejects.toMatchObject({ code: "key_not_in_force" });
  await enrolKeyByKey(actor, { ...command, ...laptop.vouchFor(accountId, console.keyId) });
  expect(await isInForce(console.keyId)).toBe(true);
});

test("revokes for ever, keeps what was signed before, and hides strangers' keys", async () => {
  const [ada, eve] = [await openPerson("Ada"), await openPerson("Eve")];
  const laptop = device();
  await enrolFirstDeviceKey(ada.actor, laptop.fields(ada.accountId));
  const before = await currentTime();
  await expect(revokeKey(eve.actor, { keyId: laptop.keyId })).rejects.toMatchObject({ code: "not_found" });
  expect(await listOwnKeys(eve.actor)).toEqual([]);
  await revokeKey(ada.actor, { keyId: laptop.keyId });
  expect(await isInForce(laptop.keyId)).toBe(false);
  const key = await findSigningKey(laptop.keyId);
  expect(key && keyIsValidAt(key, before)).toBe(true);
  await expect(enrolFirstDeviceKey(ada.actor, laptop.fields(ada.accountId))).rejects.toMatchObject({
    code: "key_revoked",
  });
  await expect(enrolFirstDeviceKey(ada.actor, device().fields(ada.accountId))).rejects.toMatchObject({
    code: "key_needs_approval",
  });
});

test("whoever lost every key signs with a new one a day after the password, told by mail, and loses nothing", async () => {
  const { actor, accountId, email } = await openPerson("Ada");
  const [lost, next] = [device(), device()];
  await enrolFirstDeviceKey(actor, lost.fields(accountId));
  const before = await currentTime();
  await revokeKey(actor, { keyId: lost.keyId });
  await expect(enrolFirstDeviceKey(actor, next.fields(accountId))).rejects.toMatchObject({
    code: "key_needs_approval",
  });
  await enrolKeyByPassword(actor, { ...next.fields(accountId), password: PASSWORD }, openBrowser());
  expect(await isInForce(next.keyId)).toBe(false);
  expect((await mailsTo(email)).some((mail) => mail.subject.includes("asks to sign"))).toBe(true);
  const key = await findSigningKey(next.keyId);
  const dayLater = new Date((await currentTime()).getTime() + KEY_WAIT_SECONDS * 1000);
  expect(key && keyIsValidAt(key, dayLater)).toBe(true);
  const old = await findSigningKey(lost.keyId);
  expect(old && keyIsValidAt(old, before)).toBe(true);
});

test("a key keeps what it is and stays revoked, in the database too", async () => {
  const { actor, accountId } = await openPerson("Ada");
  const laptop = device();
  await enrolFirstDeviceKey(actor, laptop.fields(accountId));
  const where = { id: laptop.keyId };
  await expect(db.signingKey.update({ where, data: { kind: "platform" } })).rejects.toThrow();
  await revokeKey(actor, { keyId: laptop.keyId });
  await expect(db.signingKey.update({ where, data: { revokedAt: null } })).rejects.toThrow();
  await expect(db.keyEvent.deleteMany({ where: { keyId: laptop.keyId } })).rejects.toThrow();
});

test("enrols every device of a demo account at once, labelled as a demo key", async () => {
  const { actor, accountId } = await openPerson("Demo", { isDemo: true });
  const devices = [device(), device()];
  for (const one of devices) await enrolFirstDeviceKey(actor, one.fields(accountId));
  const keys = await listSigningKeys(accountId);
  expect(keys.map((key) => key.isDemo)).toEqual([true, true]);
  expect(await isInForce(devices[1]?.keyId ?? "")).toBe(true);
});

test("writes every enrolment and revocation to the audit log", async () => {
  const { actor, accountId } = await openPerson("Ada");
  const laptop = device();
  await enrolFirstDeviceKey(actor, laptop.fields(accountId));
  await revokeKey(actor, { keyId: laptop.keyId });
  const events = await db.auditEvent.findMany({ where: { subjectId: laptop.keyId }, orderBy: { id: "asc" } });
  expect(events.map((event) => event.action)).toEqual(["key.enrolled", "key.revoked"]);
});

test("a command-line key is enrolled by its own request and the password, and waits a day unless it is the first", async () => {
  const { actor, accountId, email } = await openPerson("Ada");
  const [first, second] = [device(), device()];
  const enrol = (one: ReturnType<typeof device>, accountPassword = PASSWORD) =>
    enrolCommandLineKey(actor, { request: one.fields(accountId), accountPassword }, openBrowser());
  await expect(enrol(first, "something else")).rejects.toMatchObject({
    code: "wrong_password",
    fields: { accountPassword: expect.any(String) },
  });
  expect((await enrol(first)).message).toContain("from now on");
  expect(await isInForce(first.keyId)).toBe(true);
  expect((await enrol(second)).message).toContain("24 hours");
  expect(await isInForce(second.keyId)).toBe(false);
  expect((await mailsTo(email)).filter(({ subject }) => subject.includes("asks to sign"))).toHaveLength(1);
  const keys = await listOwnKeys(actor);
  expect(keys.map(({ kind }) => kind)).toEqual(["command_line", "command_line"]);

  await approveKey(actor, { keyId: second.keyId, ...first.vouchFor(accountId, second.keyId) });
  expect(await isInForce(second.keyId)).toBe(true);
  expect((await enrol(second)).message).toContain("from now on");
  await revokeKey(actor, { keyId: second.keyId });
  await expect(enrol(second)).rejects.toMatchObject({ code: "key_revoked" });
});

test("a request made for one account enrols nothing in another", async () => {
  const [ada, eve] = [await openPerson("Ada"), await openPerson("Eve")];
  const request = device().fields(ada.accountId);
  const stolen = enrolCommandLineKey(eve.actor, { request, accountPassword: PASSWORD }, openBrowser());
  await expect(stolen).rejects.toMatchObject({ code: "key_unproven" });
});

test("in a demo account, whose password is public, a command-line key counts at once", async () => {
  const { actor, accountId } = await openPerson("Ada", { isDemo: true });
  await enrolFirstDeviceKey(actor, device().fields(accountId));
  const tool = device();
  await enrolCommandLineKey(
    actor,
    { request: tool.fields(accountId), accountPassword: PASSWORD },
    openBrowser(),
  );
  expect(await isInForce(tool.keyId)).toBe(true);
});
