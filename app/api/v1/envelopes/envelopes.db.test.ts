import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { DsseEnvelope } from "@/lib/statements/dsse";
import { dealRecordKind } from "@/lib/statements/kinds/deal-record";
import { drain, placesIn } from "@/lib/evidence/log.fixture";
import { leafHash } from "@/lib/log/merkle-tree";
import { verifyByNode } from "@/lib/log/node-ed25519";
import { findPolicy } from "@/lib/log/queries";
import { type Sequencer, openSequencer } from "@/lib/log/process/sequencer";
import { MAX_PENDING } from "@/lib/log/commands";
import { readPolicy } from "@/lib/log/tlog-policy";
import { verifyTlogProof } from "@/lib/log/tlog-proof";
import { signAsPlatform } from "@/lib/evidence/commands/platform-key";
import { type Signer, openSigner } from "@/lib/evidence/signer.fixture";
import { makeStatement, statementBytes } from "@/lib/statements/statement";
import {
  adverseStatement,
  makeTestKey,
  revocationOf,
  twinOf,
  usageStatement,
} from "@/lib/statements/statements.fixture";
import { hexDigest } from "@/lib/statements/verify-envelope";
import { db } from "@/lib/platform/db";
import { POST } from "./route";

const model = "a".repeat(64);
const folder = mkdtempSync(path.join(tmpdir(), "offcut-door-"));
let sequencer: Sequencer;
let ada: Signer;

beforeAll(async () => {
  const databaseUrl = process.env.DATABASE_URL ?? "";
  const opened = await openSequencer({ databaseUrl, ...placesIn(folder, "localhost:3000/log/1") });
  if (!opened) throw new Error("Another sequencer is active.");
  sequencer = opened;
  ada = await openSigner("Ada");
});
afterAll(async () => {
  await sequencer.close();
  rmSync(folder, { recursive: true, force: true });
});

type Answer = {
  status: number;
  headers: Headers;
  body: { envelope?: string; leafHash?: string; state?: string; proof?: string; error?: { code: string } };
};

async function send(body: BodyInit, query = "", type = "application/json"): Promise<Answer> {
  const request = new Request(`http://localhost:3000/api/v1/envelopes${query}`, {
    method: "POST",
    headers: { "content-type": type },
    body,
    duplex: "half",
  } as RequestInit);
  const response = await POST(request);
  return { status: response.status, headers: response.headers, body: await response.json() };
}

const refusal = async (text: string) => {
  const { status, body } = await send(text);
  return [status, body.error?.code];
};
const countOf = (keyId: string) => db.envelope.count({ where: { keyId } });

test("an account's signed statement is taken without a session, kept, and handed to the log", async () => {
  const text = await ada.sign(usageStatement(ada.accountId, model, 1));
  const { status, body, headers } = await send(text);
  expect([status, body.state, body.envelope]).toEqual([202, "waiting", hexDigest(text)]);
  expect(headers.get("cache-control")).toBe("no-store");
  const row = await db.envelope.findUniqueOrThrow({ where: { sha256: hexDigest(text) } });
  expect([row.body, row.signerId, row.subjects]).toEqual([text, ada.accountId, [model]]);
  expect(await db.logPending.count({ where: { envelopeSha256: row.sha256 } })).toBe(1);
});

test("the same statement by the same key is one entry, however its signature or its JSON is spelled", async () => {
  const text = await ada.sign(usageStatement(ada.accountId, model, 2));
  const first = (await send(text)).body;
  const envelope = JSON.parse(text) as DsseEnvelope;
  const urlSafe = (base64: string) => base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const respelled = JSON.stringify(
    { ...envelope, payload: urlSafe(envelope.payload), extra: "unsigned" },
    null,
    2,
  );
  const before = await countOf(ada.keyId);
  for (const again of [text, twinOf(text), respelled]) expect((await send(again)).body).toEqual(first);
  expect(await countOf(ada.keyId)).toBe(before);
});

test("of the same statement at the same moment, with both signatures that hold, one is kept", async () => {
  const text = await ada.sign(usageStatement(ada.accountId, model, 3));
  const before = await countOf(ada.keyId);
  const answers = await Promise.all([text, twinOf(text), text, twinOf(text)].map((one) => send(one)));
  expect(new Set(answers.map(({ body }) => body.leafHash)).size).toBe(1);
  expect(await countOf(ada.keyId)).toBe(before + 1);
});

test("who waits gets the proof as soon as a published checkpoint covers the entry", async () => {
  const text = await ada.sign(usageStatement(ada.accountId, model, 4));
  const waiting = send(text, "?wait=20");
  await drain(sequencer);
  const publishing = setInterval(() => void drain(sequencer), 100);
  const { status, body } = await waiting;
  clearInterval(publishing);
  expect([status, body.state]).toEqual([200, "logged"]);
  const leaf = Uint8Array.from(Buffer.from(body.leafHash ?? "", "hex"));
  const policy = readPolicy((await findPolicy()) ?? "");
  expect((await verifyTlogProof(body.proof ?? "", leaf, policy, verifyByNode)).state).toBe("verified");
  expect((await send(text)).body).toEqual({
    envelope: body.envelope,
    leafHash: body.leafHash,
    state: "logged",
  });
  expect((await send(text, "?wait=0")).status).toBe(202);
});

test("nothing larger than 64 KiB is read, with or without its length stated", async () => {
  expect((await send(" ".repeat(64 * 1024 + 1))).status).toBe(413);
  let sent = 0;
  const endless = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array((sent += 1) && 16 * 1024)),
  });
  expect((await send(endless)).status).toBe(413);
  expect(sent).toBeLessThan(10);
});

test("only JSON is taken, and only the parameter that is known", async () => {
  const text = await ada.sign(usageStatement(ada.accountId, model, 5));
  for (const type of [
    "text/plain",
    "application/x-www-form-urlencoded",
    "application/json; charset=latin1",
    "",
  ])
    expect((await send(text, "", type)).status).toBe(415);
  expect((await send(text, "", "application/json; charset=UTF-8")).status).toBe(202);
  for (const query of ["?wait=21", "?wait=-1", "?wait=x", "?wait=1&wait=2", "?other=1"])
    expect((await send(text, query)).status).toBe(400);
});

test("what is no envelope, or does not hold, is refused with the reason and leaves nothing", async () => {
  const text = await ada.sign(usageStatement(ada.accountId, model, 6));
  const envelope = JSON.parse(text) as DsseEnvelope;
  const [signature] = envelope.signatures;
  const before = await countOf(ada.keyId);
  const bad = [
    "",
    "null",
    "[]",
    "{}",
    text.slice(0, -1),
    JSON.stringify({ ...envelope, signatures: [signature, signature] }),
    JSON.stringify({ ...envelope, signatures: [{ sig: signature?.sig }] }),
    JSON.stringify({ ...envelope, payload: envelope.payload.slice(4) }),
    JSON.stringify({ ...envelope, payloadType: "text/plain" }),
    JSON.stringify({ ...envelope, signatures: [{ ...signature, sig: "AAAA" }] }),
  ];
  for (const one of bad) expect(await refusal(one), one.slice(0, 40)).toEqual([400, "envelope_refused"]);
  expect((await send(Uint8Array.of(0xff, 0xfe))).body.error?.code).toBe("envelope_refused");
  expect(await countOf(ada.keyId)).toBe(before);
});

test("an unknown key, a key that waits and a revoked key are told apart; what was taken stays taken", async () => {
  const stranger = await makeTestKey();
  expect(await refusal(await stranger.sign(usageStatement(ada.accountId, model)))).toEqual([
    400,
    "key_unknown",
  ]);
  const bob = await openSigner("Bob");
  const taken = await bob.sign(usageStatement(bob.accountId, model, 1));
  const first = (await send(taken)).body;
  await db.signingKey.update({ where: { id: bob.keyId }, data: { revokedAt: new Date() } });
  expect(await refusal(await bob.sign(usageStatement(bob.accountId, model, 2)))).toEqual([
    400,
    "key_not_in_force",
  ]);
  expect((await send(taken)).body).toMatchObject({ envelope: first.envelope, leafHash: first.leafHash });
  const cyd = await openSigner("Cyd");
  await db.signingKey.update({
    where: { id: cyd.keyId },
    data: { effectiveAt: new Date(Date.now() + 3_600_000) },
  });
  expect(await refusal(await cyd.sign(usageStatement(cyd.accountId, model)))).toEqual([
    400,
    "key_not_in_force",
  ]);
});

test("nobody speaks for another, and nobody outside for the platform", async () => {
  const bob = await openSigner("Bob");
  expect(await refusal(await bob.sign(usageStatement(ada.accountId, model)))).toEqual([
    400,
    "signer_may_not",
  ]);
  const platforms = usageStatement("x", model);
  const said = {
    ...platforms,
    predicate: { ...(platforms.predicate as object), observer: { role: "platform", account: "offcut" } },
  };
  expect(await refusal(await bob.sign(said))).toEqual([400, "signer_may_not"]);
  // Not even with the platform's own key: this is not its door.
  expect(await refusal(await signAsPlatform(statementBytes(said)))).toEqual([400, "signer_may_not"]);
});

test("kinds that are not known, or are made elsewhere, and predicates of another form are refused", async () => {
  const sign = (type: string, predicate: unknown) =>
    ada.sign(makeStatement(type, [{ sha256: model }], predicate));
  expect(await refusal(await sign("https://example.org/other/v1", {}))).toEqual([400, "predicate_unknown"]);
  const usage = usageStatement(ada.accountId, model);
  expect(await refusal(await sign(usage.predicateType, { calls: 1 }))).toEqual([400, "statement_malformed"]);
  const step = {
    record: "acceptance",
    deal: "deal-1",
    party: "buyer",
    account: ada.accountId,
    agreedBy: { method: "device_key" },
    commitments: [],
    at: "2026-11-01T00:00:00.000Z",
  };
  expect(await refusal(await sign(dealRecordKind.predicateType, step))).toEqual([
    400,
    "predicate_not_accepted",
  ]);
});

test("suspended accounts and unconfirmed addresses hand nothing in", async () => {
  const bob = await openSigner("Bob", { isVerified: false });
  expect(await refusal(await bob.sign(usageStatement(bob.accountId, model)))).toEqual([
    400,
    "account_may_not",
  ]);
  const cyd = await openSigner("Cyd");
  await db.account.update({ where: { id: cyd.accountId }, data: { status: "suspended" } });
  expect(await refusal(await cyd.sign(usageStatement(cyd.accountId, model)))).toEqual([
    400,
    "account_may_not",
  ]);
  expect(await countOf(bob.keyId)).toBe(0);
});

test("figures that are handed in are their speaker's word: only an evaluator's come in the role of a third party, and none above", async () => {
  expect(await refusal(await ada.sign(adverseStatement(ada.accountId, model)))).toEqual([
    400,
    "grade_refused",
  ]);
  const own = await ada.sign(adverseStatement(ada.accountId, model, "seller"));
  expect((await send(own)).status).toBe(202);
  const eva = await openSigner("Eva", { roles: ["evaluator"] });
  expect((await send(await eva.sign(adverseStatement(eva.accountId, model)))).status).toBe(202);
  const above = await eva.sign(adverseStatement(eva.accountId, model, "third_party", "third_party"));
  expect(await refusal(above)).toEqual([400, "grade_differs"]);
});

test("a statement is taken back by its signer and by nobody else", async () => {
  const { body } = await send(await ada.sign(usageStatement(ada.accountId, model, 7)));
  const bob = await openSigner("Bob");
  const byBob = await bob.sign(revocationOf(bob.accountId, model, body.envelope ?? ""));
  expect(await refusal(byBob)).toEqual([400, "signer_may_not"]);
  const byAda = await ada.sign(revocationOf(ada.accountId, model, body.envelope ?? ""));
  expect((await send(byAda)).status).toBe(202);
});

test("a key has its pace, and nobody can use it up by naming it", async () => {
  const bob = await openSigner("Bob");
  const text = await bob.sign(usageStatement(bob.accountId, model, 1));
  const forged = JSON.parse(text) as DsseEnvelope;
  const other = JSON.parse(await ada.sign(usageStatement(bob.accountId, model, 1))) as DsseEnvelope;
  forged.signatures = [{ keyid: bob.keyId, sig: other.signatures[0]?.sig ?? "" }];
  expect(await refusal(JSON.stringify(forged))).toEqual([400, "envelope_refused"]);
  const key = `submission-key:${bob.keyId}`;
  expect(await db.attemptCount.findUnique({ where: { key } })).toBeNull();

  await send(text);
  await db.attemptCount.update({ where: { key }, data: { points: 300 } });
  const refused = await send(await bob.sign(usageStatement(bob.accountId, model, 2)));
  expect([refused.status, refused.body.error?.code]).toEqual([429, "too_many_submissions"]);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(Number(refused.headers.get("retry-after"))).toBeLessThanOrEqual(60);
  // What was taken before is answered all the same.
  expect((await send(text)).status).toBe(202);
});

test("what makes no sense spends its key's pace as well, and each 8 KiB of it count as one", async () => {
  const bob = await openSigner("Bob");
  const statement = adverseStatement(bob.accountId, model);
  const classes = Array.from({ length: 1_000 }, (_, at) => `a class with the number ${at}`);
  const senseless = makeStatement(statement.predicateType, [{ sha256: model }], {
    ...(statement.predicate as object),
    ...{ classes, showsNiche: true },
  });
  expect(await refusal(await bob.sign(senseless))).toEqual([400, "niche_differs"]);
  const { points } = await db.attemptCount.findUniqueOrThrow({
    where: { key: `submission-key:${bob.keyId}` },
  });
  expect(points).toBe(Math.ceil(statementBytes(senseless).length / 8_192));
  expect(points).toBeGreaterThan(3);
});

test("while the log owes too much the door says when to come again", async () => {
  const text = await ada.sign(usageStatement(ada.accountId, model, 8));
  await drain(sequencer);
  const rows = Array.from({ length: MAX_PENDING }, (_, at) => {
    const body = Buffer.from(`other ${at}`);
    return { leafHash: Uint8Array.from(leafHash(body)), body, envelopeSha256: hexDigest("none") };
  });
  await db.logPending.createMany({ data: rows });
  const { status, headers, body } = await send(text);
  expect([status, body.error?.code, headers.get("retry-after")]).toEqual([503, "log_busy", "2"]);
  await drain(sequencer);
  expect((await send(text)).status).toBe(202);
});
