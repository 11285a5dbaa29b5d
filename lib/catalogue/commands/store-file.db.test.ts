import { randomBytes, randomUUID } from "node:crypto";
import { PassThrough, Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { actorOf } from "@/lib/accounts/actor";
import { db } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { readApart } from "@/lib/platform/reading";
import { storeFile } from "./store-file";

/** An account of which so many bytes of the quota are left. */
async function accountWithLeft(leftBytes: number) {
  const actor = actorOf({ accountId: randomUUID() });
  await db.storedFile.create({
    data: {
      ownerId: actor.accountId,
      sha256: "0".repeat(64),
      sizeBytes: BigInt(env().UPLOAD_QUOTA_BYTES - leftBytes),
      storageKey: randomUUID(),
      format: "text",
    },
  });
  return actor;
}

const text = (length: number) => randomBytes(length / 2).toString("hex");

async function takenBy(ownerId: string): Promise<{ kept: number; held: number }> {
  const [kept, held] = await Promise.all([
    db.storedFile.aggregate({ where: { ownerId }, _sum: { sizeBytes: true } }),
    db.uploadInHand.aggregate({ where: { ownerId }, _sum: { reservedBytes: true } }),
  ]);
  return { kept: Number(kept._sum.sizeBytes ?? 0n), held: Number(held._sum.reservedBytes ?? 0n) };
}

test("twenty uploads at once never take more than the quota, also while they run, and at most four run", async () => {
  const actor = await accountWithLeft(250);
  const sources = Array.from({ length: 20 }, () => new PassThrough());
  const uploads = sources.map((source) => storeFile(actor, source, { name: "a.txt", declaredBytes: 100 }));
  const settled = Promise.allSettled(uploads);
  await expect.poll(async () => (await takenBy(actor.accountId)).held).toBe(200);
  await pause(300);
  expect(await takenBy(actor.accountId)).toEqual({ kept: env().UPLOAD_QUOTA_BYTES - 250, held: 200 });
  for (const source of sources) source.end(text(100));
  const results = await settled;
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
  const codes = results.flatMap((result) =>
    result.status === "rejected" ? [result.reason.code as string] : [],
  );
  expect(new Set(codes)).toEqual(new Set(["quota_reached"]));
  expect(await takenBy(actor.accountId)).toEqual({ kept: env().UPLOAD_QUOTA_BYTES - 50, held: 0 });
});

test("a fifth upload of an account is refused while four run, and begins once one has ended", async () => {
  const actor = await accountWithLeft(10_000);
  const sources = Array.from({ length: 4 }, () => new PassThrough());
  const four = sources.map((source) => storeFile(actor, source, { name: "a.txt", declaredBytes: 100 }));
  await expect.poll(() => db.uploadInHand.count({ where: { ownerId: actor.accountId } })).toBe(4);
  const fifth = () => storeFile(actor, Readable.from([text(100)]), { name: "a.txt", declaredBytes: 100 });
  await expect(fifth()).rejects.toMatchObject({ code: "too_many_uploads" });
  sources[0]?.end(text(100));
  await four[0];
  await fifth();
  for (const source of sources.slice(1)) source.end(text(100));
  await Promise.all(four);
});

test("more bytes than were declared are refused, and nothing of them is kept or held", async () => {
  const actor = await accountWithLeft(10_000);
  const before = await takenBy(actor.accountId);
  const longer = storeFile(actor, Readable.from([text(200)]), { name: "a.txt", declaredBytes: 100 });
  await expect(longer).rejects.toMatchObject({ code: "file_too_large" });
  expect(await takenBy(actor.accountId)).toEqual(before);
});

test("a file declared larger than may be kept is refused before a byte of it is read", async () => {
  const actor = await accountWithLeft(10_000);
  const source = Readable.from([text(200)]);
  const large = storeFile(actor, source, { name: "a.txt", maxBytes: 150, declaredBytes: 200 });
  await expect(large).rejects.toMatchObject({ code: "file_too_large" });
  expect([source.destroyed, source.readableDidRead]).toEqual([true, false]);
});

test("an upload of which no length is known holds all that is left, and no more", async () => {
  const actor = await accountWithLeft(300);
  const source = new PassThrough();
  const upload = storeFile(actor, source, { name: "a.txt" });
  await expect.poll(async () => (await takenBy(actor.accountId)).held).toBe(300);
  source.end(text(400));
  await expect(upload).rejects.toMatchObject({ code: "quota_reached" });
  expect((await takenBy(actor.accountId)).held).toBe(0);
});

test("room held by a process that died is free after two minutes", async () => {
  const actor = await accountWithLeft(100);
  const held = (expiresAt: Date) =>
    db.uploadInHand.create({ data: { ownerId: actor.accountId, reservedBytes: 100n, expiresAt } });
  const alive = await held(new Date(Date.now() + 60_000));
  const upload = () => storeFile(actor, Readable.from([text(100)]), { name: "a.txt", declaredBytes: 100 });
  await expect(upload()).rejects.toMatchObject({ code: "quota_reached" });
  await db.uploadInHand.update({
    where: { id: alive.id },
    data: { expiresAt: new Date(Date.now() - 1_000) },
  });
  await upload();
});

test("whoever lost the room meanwhile keeps nothing where others have taken it", async () => {
  const actor = await accountWithLeft(100);
  const source = new PassThrough();
  const upload = storeFile(actor, source, { name: "a.txt", declaredBytes: 100 });
  await expect.poll(async () => (await takenBy(actor.accountId)).held).toBe(100);
  await db.uploadInHand.deleteMany({ where: { ownerId: actor.accountId } });
  await storeFile(actor, Readable.from([text(100)]), { name: "b.txt", declaredBytes: 100 });
  source.end(text(100));
  await expect(upload).rejects.toMatchObject({ code: "quota_reached" });
  expect(await takenBy(actor.accountId)).toEqual({ kept: env().UPLOAD_QUOTA_BYTES, held: 0 });
});

test("the database keeps no file of a form that is not listed", async () => {
  const file = {
    ownerId: "x",
    sha256: "0".repeat(64),
    sizeBytes: 1n,
    storageKey: randomUUID(),
    format: "pickle",
  };
  await expect(db.storedFile.create({ data: file })).rejects.toThrow(/StoredFile_format/);
});

test("what a file is is found apart from this process, which hands over no more of it than is asked for", async () => {
  const sizeBytes = 200 * 1024 ** 2;
  const values = sizeBytes - 8 - 1024;
  const tensors = { weight: { dtype: "U8", shape: [values], data_offsets: [0, values] } };
  const head = Buffer.alloc(8 + 1024, " ");
  head.writeBigUInt64LE(1024n);
  head.write(JSON.stringify(tensors), 8);
  let handedOver = 0;
  const read = async (offset: number, length: number) => {
    const end = Math.min(offset + length, sizeBytes);
    handedOver += end - offset;
    const bytes = Buffer.alloc(end - offset);
    if (offset < head.length) head.copy(bytes, 0, offset, end);
    return bytes;
  };
  const about = { accountId: randomUUID(), called: "model.safetensors", pieces: { sizeBytes, read } };
  expect(await readApart("artifact", "model.safetensors", about)).toMatchObject({
    ok: true,
    format: "safetensors",
  });
  expect(handedOver).toBeLessThan(1024 ** 2);
});
