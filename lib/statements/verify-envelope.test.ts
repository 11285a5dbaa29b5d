import { beforeAll, expect, test } from "vitest";
import { evaluationStatement } from "./evaluation-statement";
import { summariseEvaluation } from "@/lib/measurement/evaluation";
import { columnSlice, columnValues } from "@/lib/measurement/slice";
import { type DsseEnvelope, signEnvelope } from "./dsse";
import { encodeBase64 } from "@/lib/shared/encoding";
import { readableText } from "@/lib/shared/readable-text.fixture";
import { predicateJsonSchema, sentencesOf } from "./kinds";
import { EVALUATION_PREDICATE, evaluationPredicateSchema } from "./kinds/evaluation";
import { sentenceText } from "./sentence";
import { makeStatement, readStatement, saltedCommitment, statementBytes } from "./statement";
import { dealRecordStatement } from "./deal-record";
import { hexDigest, verifyEnvelope } from "./verify-envelope";

const MODEL = "a".repeat(64);
const P256 = { name: "ECDSA", namedCurve: "P-256" } as const;

type Signer = { privateKey: CryptoKey; spki: Uint8Array };
let alice: Signer;
let mallory: Signer;
let signed: DsseEnvelope;
let text: string;

async function makeSigner(namedCurve = P256.namedCurve as string): Promise<Signer> {
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve }, false, ["sign", "verify"]);
  return {
    privateKey: pair.privateKey,
    spki: new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey)),
  };
}

function statement() {
  const row = (prediction: string, index: number) => ({
    label: index % 2 ? "a" : "b",
    prediction,
    columns: columnValues([["s", "true"]]),
  });
  const rows = Array.from({ length: 100 }, (_, index) =>
    row(index < 96 ? (index % 2 ? "a" : "b") : "c", index),
  );
  return evaluationStatement({
    subject: { about: "files", sha256: MODEL, name: "short-mail" },
    evaluator: { role: "platform", account: "platform", relation: "third_party" },
    binding: { kind: "ran_here" },
    dataSet: {
      name: "later mail",
      rowsSha256: "b".repeat(64),
      use: "attestation",
      observedFrom: null,
      observedTo: null,
    },
    summary: summariseEvaluation(rows, [columnSlice("s", "true")], 0.9),
    runtime: {
      name: "onnxruntime-node",
      version: "1.27.0",
      isolation: "own process",
      millisecondsPerThousand: 75.25,
    },
    startedAt: new Date("2026-11-01T10:00:00Z"),
    finishedAt: new Date("2026-11-01T10:00:09Z"),
  });
}

beforeAll(async () => {
  [alice, mallory] = await Promise.all([makeSigner(), makeSigner()]);
  signed = await signEnvelope(statementBytes(statement()), alice.privateKey, alice.spki);
  text = JSON.stringify(signed);
});

const expected = () => ({ trustedKeys: [alice.spki] });

test("an untouched envelope is verified and gives back the statement that was signed", async () => {
  const check = await verifyEnvelope(text, {
    ...expected(),
    envelopeSha256: hexDigest(text),
    predicateType: EVALUATION_PREDICATE,
    subjectSha256: MODEL,
  });
  expect(check).toMatchObject({ state: "verified", statement: statement() });
});

test("no change of any byte of an envelope makes it say anything else", { timeout: 60_000 }, async () => {
  const bytes = new TextEncoder().encode(text);
  const original = JSON.stringify(statement());
  const kept: number[] = [];
  for (let at = 0; at < bytes.length; at++) {
    const changed = Uint8Array.from(bytes);
    changed[at]! ^= 1 << (at % 7);
    const changedText = new TextDecoder().decode(changed);
    const check = await verifyEnvelope(changedText, expected());
    if (check.state === "verified") {
      expect(JSON.stringify(check.statement)).toBe(
        JSON.stringify(readStatement(statementBytes(JSON.parse(original)))),
      );
      kept.push(at);
    }
    const recorded = await verifyEnvelope(changedText, { ...expected(), envelopeSha256: hexDigest(text) });
    expect(recorded).toMatchObject({ state: "failed", reason: "envelope_changed" });
  }
  // Only the field name of the unauthenticated key id may change without breaking the signature.
  const name = text.indexOf("keyid");
  expect(kept.every((at) => at >= name && at < name + "keyid".length)).toBe(true);
});

test("forged, made by a stranger, and signed by too few are told apart", async () => {
  const strangers = JSON.stringify(
    await signEnvelope(statementBytes(statement()), mallory.privateKey, mallory.spki),
  );
  expect(await verifyEnvelope(strangers, expected())).toMatchObject({
    state: "failed",
    reason: "untrusted_key",
  });
  const posing = JSON.stringify(
    await signEnvelope(statementBytes(statement()), mallory.privateKey, alice.spki),
  );
  expect(await verifyEnvelope(posing, expected())).toMatchObject({ state: "failed", reason: "forged" });
  const changed = JSON.stringify({ ...signed, payload: encodeBase64(new TextEncoder().encode("{}")) });
  expect(await verifyEnvelope(changed, expected())).toMatchObject({ state: "failed", reason: "forged" });
  const two = { trustedKeys: [alice.spki, mallory.spki], threshold: 2 };
  expect(await verifyEnvelope(text, two)).toMatchObject({ state: "failed", reason: "too_few_signers" });
});

test("a true signature over something else than was expected fails with what differs", async () => {
  const about = { ...expected(), subjectSha256: "c".repeat(64) };
  expect(await verifyEnvelope(text, about)).toMatchObject({ state: "failed", reason: "other_subject" });
  const kind = { ...expected(), predicateType: "https://offcut.example/predicates/deal-record/v1" };
  expect(await verifyEnvelope(text, kind)).toMatchObject({ state: "failed", reason: "other_predicate" });
  const noStatement = JSON.stringify(
    await signEnvelope(new TextEncoder().encode("{}"), alice.privateKey, alice.spki),
  );
  expect(await verifyEnvelope(noStatement, expected())).toMatchObject({ reason: "statement_malformed" });
});

test("what cannot be checked is not called a failure", async () => {
  const p384 = await makeSigner("P-384");
  expect(await verifyEnvelope(text, { trustedKeys: [] })).toMatchObject({
    state: "cannot_check",
    reason: "no_keys",
  });
  expect(await verifyEnvelope(text, { trustedKeys: [p384.spki] })).toMatchObject({
    reason: "unsupported_key",
  });
  const other = JSON.stringify({ ...signed, payloadType: "application/json" });
  expect(await verifyEnvelope(other, expected())).toMatchObject({ reason: "unsupported_payload_type" });
  expect(await verifyEnvelope(" ".repeat(1_000_001), expected())).toMatchObject({ reason: "too_large" });
});

test.each(["", "{}", "null", '{"payload":"!","payloadType":"t","signatures":[{"sig":""}]}'])(
  "%j is not an envelope",
  async (broken) => {
    expect(await verifyEnvelope(broken, expected())).toMatchObject({ reason: "envelope_malformed" });
  },
);

/** Names of the parts in which a published schema allows no further fields. */
function closedParts(schema: unknown): string[] {
  const found = new Set<string>();
  JSON.stringify(schema, function (this: Record<string, unknown>, key, value: unknown) {
    if (key === "condition" && JSON.stringify(value).includes('"additionalProperties":false')) {
      found.add(key);
      return undefined;
    }
    if (key === "additionalProperties" && value === false) found.add(String(this["title"] ?? "unnamed"));
    return value;
  });
  return [...found];
}

test("a statement holds decimal strings and whole numbers only, and fits its published schema", () => {
  const made = statement();
  expect(evaluationPredicateSchema.parse(made.predicate)).toEqual(made.predicate);
  expect(made.predicate.overall).toMatchObject({ n: 100, k: 96, value: "0.96", baseRate: "0.5" });
  expect(made.predicate.runtime?.millisecondsPerThousand).toBe("75.25");
  expect(readStatement(statementBytes(made))).toEqual(made);
  const schema = predicateJsonSchema("evaluation");
  expect(schema).toMatchObject({ $id: EVALUATION_PREDICATE, type: "object" });
  expect(closedParts(schema)).toEqual(["condition"]);
  expect(predicateJsonSchema("deal-record")).not.toBeNull();
  expect(predicateJsonSchema("unheard-of")).toBeNull();
});

test("a statement needs subjects with SHA-256 digests", () => {
  expect(() => makeStatement("t", [], {})).toThrow(RangeError);
  expect(() => makeStatement("t", [{ sha256: "A".repeat(64) }], {})).toThrow(RangeError);
  const upper = JSON.stringify(makeStatement("t", [{ sha256: MODEL }], {})).replace(MODEL, "A".repeat(64));
  expect(readStatement(new TextEncoder().encode(upper))).toBeNull();
});

test("a deal record shows no price: the same price under two salts has two digests, opened by its salt", () => {
  const record = (saltHex: string) =>
    dealRecordStatement({
      record: "contract",
      deal: "deal-1",
      party: "buyer",
      account: "account-1",
      agreedBy: { method: "device_key" },
      termsSha256: "d".repeat(64),
      modelDigest: MODEL,
      commit: [{ of: "price", value: { minor: "9000", currency: "EUR" } }],
      saltHex,
      at: new Date("2026-11-01T10:00:00Z"),
    });
  const one = record("1".repeat(64));
  expect(readableText(JSON.stringify(one))).not.toContain("9000");
  expect(one.predicate.commitments[1]).not.toEqual(record("2".repeat(64)).predicate.commitments[1]);
  const opened = saltedCommitment({ currency: "EUR", minor: "9000" }, "1".repeat(64));
  expect(one.predicate.commitments[1]).toEqual({ of: "price", sha256: opened });
  expect(() => saltedCommitment("x", "short")).toThrow(RangeError);
});

test("the statement reads as sentences that say who, what, when, and what it does not show", () => {
  const { headline, facts, doesNotShow } = sentencesOf(statement(), "Offcut");
  expect(sentenceText(headline)).toBe(
    `Signed by Offcut on 1 November 2026: these exact files (${MODEL}) were run on 100 rows of later mail.`,
  );
  expect(sentenceText(facts[0]!)).toBe(
    "96 of 100 answers were right: 96 %, 95 % interval 90.2 % to 98.4 %. " +
      "Always giving the commonest label would be right in 50 % of them.",
  );
  expect(sentenceText(facts[1]!)).toContain(
    "Of the 1 slice examined at a level of 90 %, 1 reaches it, 0 miss it",
  );
  expect(doesNotShow.length).toBeGreaterThan(2);
});

test("answers that nothing ties to files are the speaker's word, and never worded as a run of exact files", () => {
  const made = statement();
  for (const about of ["files", "endpoint", "listing"] as const) {
    const binding = { kind: "answers_only" as const, reason: "The file holds no inputs." };
    const said = sentencesOf({ ...made, predicate: { ...made.predicate, about, binding } }, "Ada");
    const words = [said.headline, ...said.facts].map(sentenceText).join(" ");
    expect(sentenceText(said.headline)).toContain("the speaker's word");
    expect(words).toContain("the answers were not tied to the files. The file holds no inputs.");
    expect(words).not.toMatch(/were run|these exact files/);
    expect(words.includes("may change at any time")).toBe(about === "endpoint");
  }
});

test("where there are no files no sentence speaks of exact ones, whatever ties the answers", () => {
  const made = statement();
  for (const about of ["endpoint", "listing"] as const) {
    const said = sentencesOf({ ...made, predicate: { ...made.predicate, about } }, "Ada");
    expect(sentenceText(said.headline)).not.toContain("exact files");
  }
});
