import { beforeAll, expect, test } from "vitest";
import { lockKey } from "@/lib/accounts/records/key-register";
import { db, inTransaction } from "@/lib/platform/db";
import { readEnvelope } from "@/lib/statements/dsse";
import { toHex } from "@/lib/shared/encoding";
import { readLeafBody } from "@/lib/log/leaf-body";
import { leafHash } from "@/lib/log/merkle-tree";
import { type Signer, openSigner } from "../signer.fixture";
import {
  adverseStatement,
  makeTestKey,
  revocationOf,
  twinOf,
  usageStatement,
} from "@/lib/statements/statements.fixture";
import { hexDigest } from "@/lib/statements/verify-envelope";
import { recordFromOutside } from "./record-from-outside";

const model = "a".repeat(64);
let ada: Signer;
let bob: Signer;

beforeAll(async () => {
  [ada, bob] = [await openSigner("Ada"), await openSigner("Bob")];
});

let number = 100;
const usageBy = (signer: Signer) => signer.sign(usageStatement(signer.accountId, model, (number += 1)));
const codeOf = (outcome: PromiseSettledResult<unknown>) =>
  outcome.status === "fulfilled" ? "recorded" : ((outcome.reason as { code?: string }).code ?? "fault");

test("of many at once each has its own answer, as if it had come alone", async () => {
  const revoked = await openSigner("Cyd");
  await db.signingKey.update({ where: { id: revoked.keyId }, data: { revokedAt: new Date() } });
  const suspended = await openSigner("Dan");
  await db.account.update({ where: { id: suspended.accountId }, data: { status: "suspended" } });
  const stranger = await makeTestKey();
  const good = await Promise.all([ada, bob, ada, bob, ada].map(usageBy));
  const taken = await usageBy(ada);
  const withdrawn = (await recordFromOutside(taken)).envelope;
  const forged = JSON.parse(await usageBy(ada)) as { payload: string };
  forged.payload = (JSON.parse(await usageBy(ada)) as { payload: string }).payload;
  const cases: [string, string][] = [
    ...good.map((text) => ["recorded", text] as [string, string]),
    ["recorded", twinOf(good[0]!)],
    ["recorded", taken],
    ["key_not_in_force", await usageBy(revoked)],
    ["account_may_not", await usageBy(suspended)],
    ["key_unknown", await stranger.sign(usageStatement(ada.accountId, model))],
    ["signer_may_not", await bob.sign(usageStatement(ada.accountId, model))],
    ["grade_refused", await ada.sign(adverseStatement(ada.accountId, model))],
    ["grade_differs", await ada.sign(adverseStatement(ada.accountId, model, "seller", "third_party"))],
    ["signer_may_not", await bob.sign(revocationOf(bob.accountId, model, withdrawn))],
    ["recorded", await ada.sign(revocationOf(ada.accountId, model, withdrawn))],
    ["envelope_refused", JSON.stringify(forged)],
    ["envelope_refused", "{}"],
    ["envelope_refused", taken.replace(/"keyid":"./, '"keyid":"\\u0000')],
    ["key_unknown", taken.replace(/"keyid":"[0-9a-f]{64}/, `"keyid":"${"0".repeat(64)}`)],
  ];
  const outcomes = await Promise.allSettled(cases.map(([, text]) => recordFromOutside(text)));
  expect(outcomes.map(codeOf)).toEqual(cases.map(([expected]) => expected));
  for (const [at, text] of good.entries()) {
    const outcome = outcomes[at] as PromiseFulfilledResult<{ envelope: string; leafHash: string }>;
    const row = await db.envelope.findUniqueOrThrow({ where: { sha256: outcome.value.envelope } });
    const { sig } = readEnvelope(text)!.signatures[0]!;
    expect([text, twinOf(text)]).toContain(row.body);
    const pending = await db.logPending.findFirstOrThrow({ where: { envelopeSha256: row.sha256 } });
    expect(toHex(leafHash(pending.body))).toBe(outcome.value.leafHash);
    if (row.sha256 === hexDigest(text))
      expect(Buffer.from(readLeafBody(pending.body)!.signature).toString("base64")).toBe(sig);
  }
});

test("hundreds at once are all recorded, each once, and handed to the log in the same step", async () => {
  const texts = await Promise.all(Array.from({ length: 300 }, (_, at) => usageBy(at % 2 ? ada : bob)));
  const answers = await Promise.all([...texts, ...texts].map((text) => recordFromOutside(text)));
  expect(new Set(answers.map(({ envelope }) => envelope))).toEqual(new Set(texts.map(hexDigest)));
  const where = { envelopeSha256: { in: texts.map(hexDigest) } };
  expect(await db.logPending.count({ where })).toBe(300);
});

test("what happened to a key is in the log before the first statement by it, also among others", async () => {
  const eve = await openSigner("Eve");
  const events = () => db.keyEvent.findMany({ where: { keyId: eve.keyId } });
  expect((await events()).some(({ envelopeSha256 }) => envelopeSha256 === null)).toBe(true);
  const texts = await Promise.all([eve, ada, eve, bob].map(usageBy));
  await Promise.all(texts.map((text) => recordFromOutside(text)));
  const stated = (await events()).map(({ envelopeSha256 }) => envelopeSha256 ?? "");
  const order = await db.logPending.findMany({
    where: { envelopeSha256: { in: [...stated, hexDigest(texts[0]!), hexDigest(texts[2]!)] } },
    orderBy: { id: "asc" },
  });
  expect(order.length).toBe(stated.length + 2);
  expect(order.slice(0, stated.length).map(({ envelopeSha256 }) => envelopeSha256)).toEqual(stated);
});

test("while a key is being revoked its statements wait, and then are refused", async () => {
  const fay = await openSigner("Fay");
  await recordFromOutside(await usageBy(fay));
  const late = await usageBy(fay);
  let handedIn: Promise<unknown> | undefined;
  await inTransaction(async (tx) => {
    await lockKey(tx, fay.keyId);
    handedIn = recordFromOutside(late).catch((error: { code?: string }) => error.code);
    await new Promise((resolve) => setTimeout(resolve, 150));
    await tx.signingKey.update({
      where: { id: fay.keyId },
      data: { revokedAt: new Date(Date.now() - 1_000) },
    });
  });
  expect(await handedIn).toBe("key_not_in_force");
  expect(await db.envelope.count({ where: { sha256: hexDigest(late) } })).toBe(0);
});
