import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findLogEntry } from "@/lib/evidence/queries/log-entry";
import { readVkey } from "@/lib/log/signed-note";
import { verifyByNode } from "@/lib/log/node-ed25519";
import { verifyTlogProof } from "@/lib/log/tlog-proof";
import { verifyAllLogged, verifyLogged } from "@/lib/evidence/queries/verify-logged";
import { balanceOf } from "@/lib/ledger/queries/journal";
import { db } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { openInstallation } from "@/lib/platform/installation";
import { runDealClocks } from "../jobs";
import { findDealRoom } from "../queries/deal-room";
import { findReleaseProof } from "../queries/contract-download";
import { listDeals } from "../queries/deal-list";
import { acceptDelivery } from "./accept-delivery";
import {
  type MarketDeal,
  makeAccount,
  openLogUnderTest,
  passHours,
  pay,
  signedDeal,
  stateOf,
} from "../deal.fixture";
import { moveDemoClock } from "./move-demo-clock";
import { releaseDeal } from "./release-deal";

let log: Awaited<ReturnType<typeof openLogUnderTest>>;
/** Somebody who owns the database and can get around its triggers. */
let owner: pg.Client;

beforeAll(async () => {
  await openInstallation();
  log = await openLogUnderTest();
  owner = new pg.Client({ connectionString: env().DATABASE_URL });
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await log.close();
});

/** Accepted, and the objection time is over. */
async function dueDeal(): Promise<MarketDeal & { envelopeSha256: string }> {
  const deal = await signedDeal();
  await pay(deal);
  await acceptDelivery(deal.buyer, { dealId: deal.dealId });
  await passHours(25);
  const event = await db.dealEvent.findFirstOrThrow({ where: { dealId: deal.dealId, kind: "accepted" } });
  return { ...deal, envelopeSha256: (event.details as { envelopeSha256: string }).envelopeSha256 };
}

/** What the log proves of an envelope: the same whether it is asked alone or among others. */
async function checkOf(envelopeSha256: string) {
  const check = await verifyLogged(envelopeSha256);
  const all = await verifyAllLogged(["0".repeat(64), envelopeSha256]);
  expect(all.get("0".repeat(64))).toEqual({ state: "failed", reason: "envelope_refused" });
  expect(all.get(envelopeSha256)).toEqual(check);
  return check;
}

const held = (dealId: string) => balanceOf(`escrow:${dealId}`, "EUR");
const nextOf = async (deal: MarketDeal) => (await findDealRoom(deal.seller, deal.dealId))?.deal.next;

test("while the log stands still nothing is released, and both sides read since when it waits", async () => {
  const deal = await dueDeal();
  expect(await releaseDeal(deal.dealId)).toBe(false);
  await runDealClocks();
  await moveDemoClock(deal.seller, { dealId: deal.dealId, days: "1" });
  expect(await stateOf(deal.dealId)).toMatchObject({ fulfilment: "DELIVERY_ACCEPTED" });
  expect(await held(deal.dealId)).toBe(21_000n);
  expect(await nextOf(deal)).toMatchObject({ title: "Waiting for the log", by: null });
  expect((await nextOf(deal))?.since).toBeInstanceOf(Date);
  expect((await listDeals(deal.buyer, "all"))[0]?.title).toBe("Waiting for the log");

  await log.catchUp();
  await runDealClocks();
  expect(await stateOf(deal.dealId)).toMatchObject({ fulfilment: "RELEASED" });
  expect(await held(deal.dealId)).toBe(0n);
});

test("the proof is kept with the release, proves the acceptance offline, and is for the parties alone", async () => {
  const deal = await dueDeal();
  expect(await findReleaseProof(deal.buyer, deal.dealId)).toBeNull();
  await log.catchUp();
  expect(await releaseDeal(deal.dealId)).toBe(true);
  const proof = (await findReleaseProof(deal.seller, deal.dealId)) ?? "";
  expect(await findReleaseProof(deal.buyer, deal.dealId)).toBe(proof);
  expect(await findReleaseProof(await makeAccount(["moderator"]), deal.dealId)).toBeNull();
  const { vkey } = await db.logHead.findUniqueOrThrow({ where: { id: 1 } });
  const policy = { logs: [{ key: readVkey(vkey)! }], witnesses: [], groups: [], quorum: null };
  const entry = await findLogEntry(deal.envelopeSha256);
  const leafHash = entry.state === "published" ? entry.leafHash : "";
  const check = await verifyTlogProof(proof, Buffer.from(leafHash, "hex"), policy, verifyByNode);
  expect(check).toMatchObject({ state: "verified" });
  const row = await db.releaseProof.findUniqueOrThrow({ where: { dealId: deal.dealId } });
  expect(row).toMatchObject({ envelopeSha256: deal.envelopeSha256, leafHash });
  await expect(
    db.releaseProof.update({ where: { dealId: deal.dealId }, data: { proof: "" } }),
  ).rejects.toThrow();
});

test("ten releases at once settle once and keep one proof", async () => {
  const deal = await dueDeal();
  await log.catchUp();
  const results = await Promise.all(Array.from({ length: 10 }, () => releaseDeal(deal.dealId)));
  expect(results.filter(Boolean)).toHaveLength(1);
  expect(await db.journalEntry.count({ where: { subjectId: deal.dealId } })).toBe(2);
  expect(await db.releaseProof.count({ where: { dealId: deal.dealId } })).toBe(1);
});

test("the database itself releases no accepted deal without a proof", async () => {
  const deal = await dueDeal();
  await expect(
    db.deal.update({ where: { id: deal.dealId }, data: { fulfilment: "RELEASED" } }),
  ).rejects.toThrow(/no proof of its acceptance/);
});

/** Changes a row behind the triggers, runs `check`, and puts it back. */
async function tampered(
  table: string,
  column: string,
  where: string,
  change: string,
  check: () => Promise<void>,
): Promise<void> {
  const write = async (value: string, values: unknown[]) => {
    await owner.query(`ALTER TABLE "${table}" DISABLE TRIGGER USER`);
    await owner.query(`UPDATE "${table}" SET "${column}" = ${value} WHERE ${where}`, values);
    await owner.query(`ALTER TABLE "${table}" ENABLE TRIGGER USER`);
  };
  const { rows } = await owner.query<{ value: unknown }>(
    `SELECT "${column}" AS value FROM "${table}" WHERE ${where}`,
  );
  await write(change, []);
  try {
    await check();
  } finally {
    await write("$1", [rows[0]?.value]);
  }
}

test("a changed tile, checkpoint, key or envelope releases nothing, says so, and is forgiven once put back", async () => {
  const deal = await dueDeal();
  await log.catchUp();
  const { envelopeSha256 } = deal;
  const stops = (reason: string) => async () => {
    expect(await checkOf(envelopeSha256)).toEqual({ state: "failed", reason });
    expect(await releaseDeal(deal.dealId)).toBe(false);
    expect(await nextOf(deal)).toMatchObject({ title: "Stopped: the log does not prove it" });
    expect((await listDeals(deal.buyer, "all"))[0]?.title).toBe("Stopped: the log does not prove it");
    expect(await held(deal.dealId)).toBe(21_000n);
  };
  const last = `size = (SELECT max(size) FROM "LogPublished")`;
  await tampered(
    "LogTile",
    "data",
    "level = 0 AND index = 0",
    "set_byte(data, 3, get_byte(data, 3) # 1)",
    stops("log_damaged"),
  );
  await tampered(
    "LogPublished",
    "checkpoint",
    last,
    "replace(checkpoint, '/log/1', '/log/2')",
    stops("log_damaged"),
  );
  await tampered(
    "LogHead",
    "vkey",
    "id = 1",
    `'other.example/log/1' || substr(vkey, strpos(vkey, '+'))`,
    stops("other_log"),
  );
  const body = `sha256 = '${envelopeSha256}'`;
  await owner.query(`ALTER TABLE "Envelope" DROP CONSTRAINT "Envelope_sha256_of_body"`);
  await tampered(
    "Envelope",
    "body",
    body,
    `replace(body, 'payloadType', 'payloadtype')`,
    stops("envelope_refused"),
  );
  await tampered(
    "Envelope",
    "body",
    body,
    `replace(body, '"sig":"M', '"sig":"N')`,
    stops("envelope_refused"),
  );
  expect(await releaseDeal(deal.dealId)).toBe(true);
});

test("a leaf taken out of the log proves nothing any more", async () => {
  const deal = await dueDeal();
  await log.catchUp();
  const body = `"envelopeSha256" = '${deal.envelopeSha256}'`;
  await tampered("LogLeaf", "index", body, "index + 1000000", async () => {
    expect(await checkOf(deal.envelopeSha256)).toEqual({ state: "waiting" });
    expect(await releaseDeal(deal.dealId)).toBe(false);
  });
  expect(await releaseDeal(deal.dealId)).toBe(true);
});

test("the logged record of another step or another deal releases nothing", async () => {
  const [deal, other] = [await dueDeal(), await dueDeal()];
  await log.catchUp();
  const point = (sha256: string) => `jsonb_set(details, '{envelopeSha256}', '"${sha256}"')`;
  const where = `"dealId" = '${deal.dealId}' AND kind = 'accepted'`;
  const signature = await db.dealSignature.findFirstOrThrow({
    where: { dealId: deal.dealId, party: "buyer" },
  });
  for (const sha256 of [other.envelopeSha256, signature.envelopeSha256 ?? ""]) {
    expect(await checkOf(sha256)).toMatchObject({ state: "verified" });
    await tampered("DealEvent", "details", where, point(sha256), async () => {
      expect(await releaseDeal(deal.dealId)).toBe(false);
      expect(await nextOf(deal)).toMatchObject({ title: "Stopped: the log does not prove it" });
    });
  }
  expect(await releaseDeal(deal.dealId)).toBe(true);
});
