import { beforeAll, expect, test } from "vitest";
import {
  approveKey,
  enrolFirstDeviceKey,
  enrolKeyByKey,
  enrolKeyByPassword,
  revokeKey,
} from "@/lib/accounts/commands/keys";
import { device } from "@/lib/accounts/device.fixture";
import { openBrowser, openPerson, PASSWORD } from "@/lib/accounts/person.fixture";
import { db, inTransaction } from "@/lib/platform/db";
import { openInstallation } from "@/lib/platform/installation";
import { dealRecordStatement } from "@/lib/statements/deal-record";
import { IN_TOTO_PAYLOAD_TYPE, keyIdOf, preAuthEncoding, readEnvelope } from "@/lib/statements/dsse";
import { decodeBase64, encodeBase64 } from "@/lib/shared/encoding";
import { openHeldKey } from "./held-key";
import { canonicalJson } from "@/lib/shared/jcs";
import { senseMessages } from "@/lib/statements/sense-fault";
import { type KeyPredicate, keyKind } from "@/lib/statements/kinds/key";
import { openPlatformKey } from "./platform-key";
import { readStatement, statementBytes } from "@/lib/statements/statement";
import { recordEnvelope } from "./record-envelope";
import { logWaitingKeys } from "./log-waiting-keys";

beforeAll(openInstallation);

type Device = ReturnType<typeof device>;
let made = 0;

/** An envelope of an account's statement, signed by its device. */
function signed(by: Device, accountId: string): string {
  const payload = statementBytes(
    dealRecordStatement({
      record: "deletion",
      deal: `deal ${(made += 1)}`,
      party: "buyer",
      account: accountId,
      agreedBy: { method: "device_key" },
      termsSha256: "0".repeat(64),
      modelDigest: null,
      saltHex: "0".repeat(64),
      at: new Date(0),
    }),
  );
  const sig = by.signs(preAuthEncoding(IN_TOTO_PAYLOAD_TYPE, payload));
  return canonicalJson({
    payload: encodeBase64(payload),
    payloadType: IN_TOTO_PAYLOAD_TYPE,
    signatures: [{ keyid: by.keyId, sig }],
  });
}

const record = (text: string) => inTransaction((tx) => recordEnvelope(tx, text));

/** What was stated about a key, as it will stand in the log: in the order of the queue. */
async function statedAbout(keyId: string): Promise<KeyPredicate[]> {
  const rows = await db.$queryRaw<{ body: string }[]>`
    SELECT e.body FROM "LogPending" p JOIN "Envelope" e ON e.sha256 = p."envelopeSha256"
    WHERE e."predicateType" = ${keyKind.predicateType} AND ${keyId} = ANY(e.subjects) ORDER BY p.id`;
  return rows.map(({ body }) => {
    const payload = decodeBase64(readEnvelope(body)?.payload ?? "");
    return (payload && readStatement(payload))?.predicate as KeyPredicate;
  });
}

const eventsOf = async (keyId: string) => (await statedAbout(keyId)).map(({ event }) => event);

async function placeOf(envelopeSha256: string): Promise<bigint> {
  return (await db.logPending.findFirstOrThrow({ where: { envelopeSha256 } })).id;
}

test("a key comes into the log before the first thing it signed, with the key itself in it", async () => {
  const { actor, accountId } = await openPerson("Ada");
  const laptop = device();
  await enrolFirstDeviceKey(actor, laptop.fields(accountId));
  const { sha256 } = await record(signed(laptop, accountId));
  await record(signed(laptop, accountId));
  const [stated, ...more] = await statedAbout(laptop.keyId);
  expect(more).toEqual([]);
  expect(stated).toMatchObject({
    event: "enrolled",
    account: accountId,
    key: { id: laptop.keyId, kind: "device" },
    enrolledBy: "first_key",
    revokedAt: null,
  });
  expect(keyIdOf(decodeBase64(stated?.key.spki ?? "") ?? new Uint8Array())).toBe(laptop.keyId);
  const event = await db.keyEvent.findFirstOrThrow({ where: { keyId: laptop.keyId } });
  expect(await placeOf(event.envelopeSha256 ?? "")).toBeLessThan(await placeOf(sha256));
});

test("enrolment, approval, delegation and revocation are each stated once, by however many processes", async () => {
  const { actor, accountId } = await openPerson("Ada");
  const [laptop, phone, receipts] = [device(), device(), device()];
  await enrolFirstDeviceKey(actor, laptop.fields(accountId));
  await enrolKeyByPassword(actor, { ...phone.fields(accountId), password: PASSWORD }, openBrowser());
  await enrolKeyByKey(actor, {
    ...receipts.fields(accountId),
    kind: "delegated",
    ...laptop.vouchFor(accountId, receipts.keyId),
  });
  await logWaitingKeys();
  await approveKey(actor, { keyId: phone.keyId, ...laptop.vouchFor(accountId, phone.keyId) });
  await revokeKey(actor, { keyId: laptop.keyId });
  await Promise.all(Array.from({ length: 6 }, () => logWaitingKeys()));
  expect(await eventsOf(laptop.keyId)).toEqual(["enrolled", "revoked"]);
  expect(await eventsOf(receipts.keyId)).toEqual(["delegated"]);
  const [waiting, approved, ...more] = await statedAbout(phone.keyId);
  expect(more).toEqual([]);
  expect(waiting).toMatchObject({ event: "enrolled", enrolledBy: "reauthentication", vouchedBy: null });
  expect(Date.parse(waiting?.effectiveAt ?? "") - Date.parse(waiting?.at ?? "")).toBe(86_400_000);
  expect(approved).toMatchObject({ event: "approved", vouchedBy: laptop.keyId });
  expect((await statedAbout(laptop.keyId))[1]?.revokedAt).not.toBeNull();
  expect(await logWaitingKeys()).toBe(0);
});

test("the platform's own key and those of the houses it holds are stated too", async () => {
  const { accountId } = await openPerson("House");
  const platform = await openPlatformKey();
  const house = await openHeldKey({ name: `house-${accountId}`, accountId, label: "A house" });
  await logWaitingKeys();
  expect(await statedAbout(platform.keyId)).toMatchObject([{ event: "enrolled", account: null }]);
  expect(await statedAbout(house.keyId)).toMatchObject([
    { event: "enrolled", account: accountId, key: { kind: "command_line" } },
  ]);
});

test("a delegated key signs no statement, and nobody but the platform states anything about keys", async () => {
  const { actor, accountId } = await openPerson("Ada");
  const [laptop, receipts] = [device(), device()];
  await enrolFirstDeviceKey(actor, laptop.fields(accountId));
  const voucher = laptop.vouchFor(accountId, receipts.keyId);
  await enrolKeyByKey(actor, { ...receipts.fields(accountId), kind: "delegated", ...voucher });
  await expect(record(signed(receipts, accountId))).rejects.toMatchObject({ code: "signer_may_not" });
  const event = await db.keyEvent.findFirstOrThrow({ where: { keyId: laptop.keyId, envelopeSha256: null } });
  await logWaitingKeys();
  const { envelopeSha256 } = await db.keyEvent.findUniqueOrThrow({ where: { id: event.id } });
  const { body } = await db.envelope.findUniqueOrThrow({ where: { sha256: envelopeSha256 ?? "" } });
  const { payload, payloadType } = readEnvelope(body)!;
  const bytes = decodeBase64(payload)!;
  const sig = laptop.signs(preAuthEncoding(payloadType, bytes));
  const forged = canonicalJson({ payload, payloadType, signatures: [{ keyid: laptop.keyId, sig }] });
  await expect(record(forged)).rejects.toMatchObject({ code: "signer_may_not" });
});

test("a key that can never be stated is put aside with its reason, and holds up none of the others", async () => {
  const [mallory, ada] = [await openPerson("Mallory"), await openPerson("Ada")];
  const life = { enrolledBy: "first_key", effectiveAt: new Date(0) };
  const other = { accountId: mallory.accountId, kind: "device" as const, label: "Of another key", ...life };
  // More than one turn takes.
  const hopeless = Array.from({ length: 120 }, (_, at) => String(at).padStart(64, "0"));
  await db.signingKey.createMany({
    data: hopeless.map((id) => ({ ...other, id, spki: new Uint8Array(91) })),
  });
  const laptop = device();
  await enrolFirstDeviceKey(ada.actor, laptop.fields(ada.accountId));
  await logWaitingKeys();
  await logWaitingKeys();
  expect(await eventsOf(laptop.keyId)).toEqual(["enrolled"]);
  const aside = await db.putAside.findMany({ where: { clock: "keys" }, orderBy: { row: "asc" } });
  expect(aside.map(({ row }) => row)).toEqual(hopeless);
  for (const { reason } of aside) expect(reason).toContain(senseMessages.key_differs);
});

test("when signing and revoking meet, whatever was signed stands before the revocation in the log", async () => {
  for (let round = 0; round < 10; round++) {
    const { actor, accountId } = await openPerson("Ada");
    const laptop = device();
    await enrolFirstDeviceKey(actor, laptop.fields(accountId));
    const attempts = Array.from({ length: 4 }, () => record(signed(laptop, accountId)));
    const results = await Promise.allSettled([
      ...attempts,
      revokeKey(actor, { keyId: laptop.keyId }).then(() => logWaitingKeys()),
      record(signed(laptop, accountId)),
    ]);
    for (const result of results)
      if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "key_not_in_force" });
    const revoked = await db.keyEvent.findFirstOrThrow({ where: { keyId: laptop.keyId, kind: "revoked" } });
    const revokedPlace = await placeOf(revoked.envelopeSha256 ?? "");
    for (const { sha256 } of await db.envelope.findMany({ where: { keyId: laptop.keyId } }))
      expect(await placeOf(sha256)).toBeLessThan(revokedPlace);
    await expect(record(signed(laptop, accountId))).rejects.toMatchObject({ code: "key_not_in_force" });
  }
});
