import { beforeAll, expect, test } from "vitest";
import { db, inTransaction } from "@/lib/platform/db";
import { openInstallation } from "@/lib/platform/installation";
import { dealRecordStatement } from "@/lib/statements/deal-record";
import type { DsseEnvelope } from "@/lib/statements/dsse";
import { answerKind } from "@/lib/statements/kinds/answer";
import { type Signer, letSell, openSigner } from "../signer.fixture";
import { makeStatement } from "@/lib/statements/statement";
import { adverseStatement, revocationOf, usageStatement } from "@/lib/statements/statements.fixture";
import { hexDigest } from "@/lib/statements/verify-envelope";
import { recordEnvelope } from "./record-envelope";
import { recordFromOutside } from "./record-from-outside";

const MODEL = "a".repeat(64);
const ELSEWHERE = "c".repeat(64);
const code = (text: string) => expect.objectContaining({ code: text });
let ada: Signer;

beforeAll(async () => {
  await openInstallation();
  ada = await openSigner("Ada");
});

const record = (text: string) => inTransaction((tx) => recordEnvelope(tx, text));
const subjectsOf = async (sha256: string) =>
  (await db.envelope.findUniqueOrThrow({ where: { sha256 } })).subjects;

test("a step of a deal is not taken back from outside, and stays without a withdrawal", async () => {
  const step = dealRecordStatement({
    record: "acceptance",
    deal: "deal-1",
    party: "buyer",
    account: ada.accountId,
    agreedBy: { method: "device_key" },
    termsSha256: "d".repeat(64),
    modelDigest: MODEL,
    saltHex: "1".repeat(64),
    at: new Date("2026-11-01T10:00:00Z"),
  });
  const { sha256 } = await record(await ada.sign(step));
  const revocation = await ada.sign(revocationOf(ada.accountId, MODEL, sha256));
  await expect(recordFromOutside(revocation)).rejects.toEqual(code("predicate_not_accepted"));
  expect(await db.envelope.count({ where: { sha256: hexDigest(revocation) } })).toBe(0);
});

test("one's own statement from outside is taken back from outside", async () => {
  const { envelope } = await recordFromOutside(await ada.sign(usageStatement(ada.accountId, MODEL, 7)));
  const taken = await recordFromOutside(await ada.sign(revocationOf(ada.accountId, MODEL, envelope)));
  expect(await subjectsOf(taken.envelope)).toEqual(expect.arrayContaining([MODEL, envelope]));
});

test("a chain of withdrawals does not gather the digests of all before it", async () => {
  let { envelope } = await recordFromOutside(await ada.sign(usageStatement(ada.accountId, MODEL, 8)));
  for (let link = 0; link < 4; link += 1)
    envelope = (await recordFromOutside(await ada.sign(revocationOf(ada.accountId, MODEL, envelope))))
      .envelope;
  expect((await subjectsOf(envelope)).length).toBeLessThanOrEqual(3);
});

test("an answer is found by the evidence it names, whatever it calls its subject", async () => {
  await letSell(ada.accountId, ELSEWHERE);
  const evidence = await recordFromOutside(await ada.sign(adverseStatement(ada.accountId, MODEL, "seller")));
  const answer = makeStatement(answerKind.predicateType, [{ sha256: ELSEWHERE }], {
    seller: ada.accountId,
    answers: evidence.envelope,
    listing: "a-listing",
    body: "These rows are older than the model.",
    statedAt: "2026-11-01T10:00:00.000Z",
  });
  const { envelope } = await recordFromOutside(await ada.sign(answer));
  expect(await subjectsOf(envelope)).toEqual(expect.arrayContaining([ELSEWHERE, evidence.envelope]));
});

test("text that no database can hold is refused, and nothing is kept of it", async () => {
  const { envelope } = await recordFromOutside(await ada.sign(usageStatement(ada.accountId, MODEL, 9)));
  const statement = revocationOf(ada.accountId, MODEL, envelope);
  (statement.predicate as { reason: string }).reason = "a\0b";
  await expect(recordFromOutside(await ada.sign(statement))).rejects.toEqual(code("text_hidden"));
});

test("in a session too, one envelope has one address in whatever base64 it came", async () => {
  const text = await ada.sign(usageStatement(ada.accountId, MODEL, 10));
  const { payload, payloadType, signatures } = JSON.parse(text) as DsseEnvelope;
  const urlSafe = (base64: string) => base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const respelled = {
    payload: urlSafe(payload),
    payloadType,
    signatures: signatures.map(({ keyid, sig }) => ({ keyid, sig: urlSafe(sig) })),
  };
  const first = await record(text);
  expect((await record(JSON.stringify(respelled))).sha256).toBe(first.sha256);
});
