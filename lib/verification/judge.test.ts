import { beforeAll, expect, test } from "vitest";
import { readEnvelope } from "@/lib/statements/dsse";
import { decodeBase64 } from "@/lib/shared/encoding";
import { type Signers, judge } from "./judge";
import { type Market, makeMarket } from "./market.fixture";
import { witnessedTime } from "./judge-speaker";
import { checksOf } from "./wording";
import { leafHashHex } from "@/lib/log/leaf-body";
import { formatSignatureLine, SIGNATURE_TYPE } from "@/lib/log/signed-note";
import { cosign } from "@/lib/log/cosignature";
import { verifyByNode } from "@/lib/log/node-ed25519";
import { keyFrom } from "@/lib/log/seeded-key.fixture";
import type { TlogPolicy } from "@/lib/log/tlog-policy";

let market: Market;
beforeAll(async () => {
  market = await makeMarket();
});

const witnesses = [11, 12, 13].map((seed) => ({
  name: `w${seed}`,
  ...keyFrom(seed, `w${seed}.example`, SIGNATURE_TYPE.cosignatureV1),
}));

/** The log's policy with three witnesses of which two are demanded, or with none. */
function policyOf(quorum: "two" | null): TlogPolicy {
  return {
    logs: [{ key: market.logKey.key }],
    witnesses: quorum === null ? [] : witnesses.map(({ name, key }) => ({ name, key })),
    groups:
      quorum === null ? [] : [{ name: "two", threshold: 2, members: witnesses.map(({ name }) => name) }],
    quorum,
  };
}

/** The first entry's proof, cosigned by the first `count` witnesses. */
async function proofSeenBy(count: number): Promise<string> {
  const { proof, text } = {
    proof: market.entries[0]!.proof,
    text: market.checkpoint.split("\n\n")[0]! + "\n",
  };
  const lines = await Promise.all(
    witnesses.slice(0, count).map(({ key, sign }) => cosign(text, 1_800_000_000n, key, sign)),
  );
  return proof + lines.map(formatSignatureLine).join("");
}

function judgeFirst(signers: Signers, proofText: string, policy: TlogPolicy) {
  return judge(
    { envelopeText: market.entries[0]!.text },
    { whose: "site", signers, entryAfter: ["signature"], verifyEd25519: verifyByNode },
    { policy: async () => policy, proof: async () => ({ text: proofText, isBrought: false }) },
  );
}

async function rows(proofText: string, policy: TlogPolicy) {
  const judgement = await judgeFirst({ keys: [market.spki] }, proofText, policy);
  const { log: entry, observers } = checksOf(judgement, "Offcut", "card");
  return { entry, observers };
}

test("without witnesses in the policy nobody outside has seen the log, which is never green", async () => {
  const { entry, observers } = await rows(await proofSeenBy(0), policyOf(null));
  expect(entry.state).toBe("verified");
  expect(observers).toMatchObject({
    state: "cannot_check",
    message: expect.stringContaining("no outside observers yet"),
  });
});

test.each([
  [0, "cannot_check", "0 of 3 outside observers saw this same log, fewer than its policy demands"],
  [1, "cannot_check", "1 of 3 outside observers saw this same log, fewer than its policy demands"],
  [2, "verified", "2 of 3 outside observers saw this same log"],
  [3, "verified", "3 of 3 outside observers saw this same log"],
] as const)("with %s of the three witnesses the third row says so", async (count, state, message) => {
  const { entry, observers } = await rows(await proofSeenBy(count), policyOf("two"));
  expect(entry.state).toBe("verified");
  const time =
    count === 0
      ? "no witness tells the log’s time, so no date is held against it"
      : `the log’s time is that of ${witnesses[0]!.key.name}: 2027-01-15 08:00:00 UTC`;
  expect(observers).toEqual({ state, message: `${message}; ${time}` });
});

test("the log's time is the earliest that a witness tells", () => {
  const [one, other] = witnesses.map(({ key }) => key);
  const seen = [
    { key: one!, timestamp: 1_800_000_060n },
    { key: other!, timestamp: 1_800_000_000n },
  ];
  expect(witnessedTime(seen)).toEqual({ at: new Date(1_800_000_000_000), witness: other!.name });
  expect(witnessedTime([])).toBeNull();
});

test("a cosignature that names a known witness and does not hold fails the entry", async () => {
  const proof = await proofSeenBy(2);
  const at = proof.lastIndexOf("\n", proof.length - 2) + 60;
  const changed = proof.slice(0, at) + (proof[at] === "A" ? "B" : "A") + proof.slice(at + 1);
  const { entry, observers } = await rows(changed, policyOf("two"));
  expect(entry).toMatchObject({ state: "failed", message: expect.stringContaining("does not hold") });
  expect(observers).toEqual({ state: "not_checked", message: "the entry itself does not hold" });
});

test("a signature is told apart by whose key it is, and a missing list is no forgery", async () => {
  const other = await makeMarket();
  const check = async (signers: Signers) =>
    checksOf(await judgeFirst(signers, "", policyOf(null)), "Offcut", "card").signature;
  expect(await check({ keys: [market.spki] })).toEqual({
    state: "verified",
    message: "the signature matches the key listed for Offcut",
  });
  expect((await check({ keys: [other.spki] })).state).toBe("failed");
  expect((await check({ why: "key_unlisted", brought: null })).state).toBe("cannot_check");
});

test("what no leaf records has no leaf", () => {
  const envelope = readEnvelope(market.entries[0]!.text)!;
  expect(leafHashHex(envelope, market.spki)).toBe(market.entries[0]!.leafHash);
  expect(leafHashHex({ ...envelope, payload: "?" }, market.spki)).toBeNull();
  expect(leafHashHex({ ...envelope, signatures: [] }, market.spki)).toBeNull();
  expect(decodeBase64(envelope.payload)).not.toBeNull();
});
