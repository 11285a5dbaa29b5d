import { rmSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { checkClaim } from "@/components/verification/check-claim";
import { signCheckpoint } from "@/lib/log/checkpoint";
import { formatLeafBody, leafRecordOf } from "@/lib/log/leaf-body";
import { buildMemoryLog } from "@/lib/log/memory-log";
import { keyFrom } from "@/lib/log/seeded-key";
import { formatBundle } from "@/lib/log/sigstore-bundle";
import { encodeBase64 } from "@/lib/shared/encoding";
import { type DsseEnvelope, readEnvelope, signEnvelope } from "@/lib/statements/dsse";
import { hexDigest } from "@/lib/statements/verify-envelope";
import type { Check } from "@/lib/verification/check";
import { readDocument } from "@/lib/verification/document";
import { inspect } from "@/lib/verification/inspect";
import { type Market, ORIGIN, makeMarket, siteOf } from "@/lib/verification/market.fixture";
import { judgeBundle, judgeEnvelope } from "./judge-envelope";
import { newFolder } from "./market.fixture";
import { matchEntry } from "./read-log";
import { openMemory } from "./memory";
import { policyOfKey, trustedKey } from "./trust";
import { verifyText } from "./verify-file";

/** The same evidence at every entrance: the page's card, the desk, the command line and the monitor. */

const folder = newFolder();
const served = new Map<string, string>();
let market: Market;
let foreign: string;

beforeAll(async () => {
  market = await makeMarket();
  const other = keyFrom(9, market.logKey.key.name, market.logKey.key.type);
  const tree = { origin: other.key.name, size: 2n, root: market.log.root, extensions: [] };
  foreign = await signCheckpoint(tree, other.key, other.sign);
  const site = siteOf(market);
  vi.stubGlobal("location", { origin: ORIGIN });
  vi.stubGlobal("fetch", async (address: string) => {
    const { pathname } = new URL(address);
    const proof = pathname.startsWith("/log/1/proof/") ? served.get("proof") : undefined;
    const { text } = await site.readText(pathname);
    return new Response(served.get(pathname) ?? proof ?? text, { status: 200 });
  });
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  vi.unstubAllGlobals();
});

type Evidence = { text: string; proof?: string };
const entry = () => market.entries[0]!;

function envelope(change: (envelope: DsseEnvelope) => Partial<DsseEnvelope>): Evidence {
  const own = readEnvelope(entry().text)!;
  return { text: JSON.stringify({ ...own, ...change(own) }), proof: entry().proof };
}
const proof = (text: string): Evidence => ({ text: entry().text, proof: text });
const bundle = (change: (bundle: Bundle) => void): Evidence => {
  const own = JSON.parse(entry().bundle) as Bundle;
  change(own);
  return { text: JSON.stringify(own) };
};
type Bundle = {
  dsseEnvelope: unknown;
  verificationMaterial: {
    publicKey: { hint: string };
    tlogEntries: [{ logIndex: string; inclusionProof: Record<string, unknown> }];
  };
};
const otherSignature = () => readEnvelope(market.entries[1]!.text)!.signatures;

/** The first of these rows that is not verified; "verified" where all are. */
const firstFault = (...checks: Check[]) =>
  checks.find(({ state }) => state !== "verified")?.message ?? "verified";

async function atDesk({ text, proof: handedProof }: Evidence): Promise<string> {
  const texts = [text, ...(handedProof === undefined ? [] : [handedProof])];
  const handed = texts.map((one, at) => ({
    name: String(at),
    sizeBytes: one.length,
    sha256: hexDigest(one),
    document: readDocument(one),
  }));
  const { claims } = await inspect(handed, siteOf(market));
  return firstFault(claims[0]!.signature, claims[0]!.log);
}

async function onCard({ text, proof: givenProof = "" }: Evidence): Promise<string> {
  const sha256 = hexDigest(text);
  served.set(`/e/${sha256}`, text);
  served.set("proof", givenProof);
  const shown = {
    sha256,
    href: `/e/${sha256}`,
    payloadSha256: hexDigest(atob(readEnvelope(entry().text)!.payload)),
    predicateType: "https://offcut.example/predicates/ruling/v1",
    keySpkiBase64: encodeBase64(market.spki),
    signerName: "Offcut",
    subjectSha256: market.modelDigest,
  };
  const { signature, log } = await checkClaim(shown);
  return log.state === "verified" ? firstFault(signature) : firstFault(signature, log);
}

async function onCommandLine({ text, proof: saved }: Evidence, at: string): Promise<string> {
  const trust = {
    keys: [trustedKey(market.spki, "given")],
    pems: [],
    policy: policyOfKey(market.logKey.key),
  };
  const session = { trust, memory: openMemory(path.join(folder, at)), mayTrustFirstUse: false };
  const { rows } = await verifyText("it", text, session, saved === undefined ? {} : { proof: saved });
  const seen = rows.filter(({ check }) => check !== "observers" && check !== "history");
  return seen.find(({ state }) => state !== "verified")?.code ?? "verified";
}

async function inMonitor({ text }: Evidence): Promise<string> {
  const body = formatLeafBody(leafRecordOf(readEnvelope(text)!, market.spki));
  return (await matchEntry(body, 0n, () => Promise.resolve(text))).state;
}

const forged =
  "The signature names a listed key and does not match: the statement was changed or the signature made up";

test.each<[string, () => Evidence, string, string, string]>([
  ["as it was signed", () => envelope(() => ({})), "verified", "verified", "statement"],
  [
    "with a signature of another statement",
    () => envelope(() => ({ signatures: otherSignature() })),
    "forged",
    forged,
    "faulty",
  ],
  [
    "with another payload",
    () => envelope(() => ({ payload: readEnvelope(market.entries[1]!.text)!.payload })),
    "forged",
    forged,
    "faulty",
  ],
  [
    "with a signature that is none",
    () => envelope(({ signatures }) => ({ signatures: signatures.map((one) => ({ ...one, sig: "AAAA" })) })),
    "forged",
    forged,
    "faulty",
  ],
  [
    "said to be of another type",
    () => envelope(() => ({ payloadType: "text/plain" })),
    "unsupported_payload_type",
    "The envelope holds something other than an in-toto statement",
    "faulty",
  ],
])("an envelope %s is the same to every entrance", async (what, evidence, code, sentence, state) => {
  const given = evidence();
  expect(await onCommandLine(given, what)).toBe(code);
  expect(await atDesk(given)).toBe(sentence);
  expect(await onCard(given)).toBe(sentence);
  expect(await inMonitor(given)).toBe(state);
});

const changedCheckpoint = () => {
  const text = entry().proof;
  const at = text.lastIndexOf("\n", text.length - 2) + 60;
  return text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1);
};

test.each<[string, () => Evidence, string, string]>([
  [
    "of another entry",
    () => proof(market.entries[1]!.proof),
    "not_included",
    "the entry is not in the tree that the log signed",
  ],
  [
    "under a changed signature of the log",
    () => proof(changedCheckpoint()),
    "forged",
    "a signature on the checkpoint names a known key and does not hold",
  ],
])("a proof %s is the same to every entrance that takes one", async (what, evidence, code, sentence) => {
  const given = evidence();
  expect(await onCommandLine(given, what)).toBe(code);
  expect(await atDesk(given)).toBe(sentence);
  expect(await onCard(given)).toBe(sentence);
});

const contradicts = "the parts of the bundle contradict each other";

test.each<[string, () => Evidence, string, string]>([
  ["as the log gives it", () => bundle(() => undefined), "verified", "verified"],
  [
    "around the envelope of another entry",
    () => bundle((own) => (own.dsseEnvelope = JSON.parse(market.entries[1]!.text))),
    "other_entry",
    "the entry that is proven records another envelope",
  ],
  [
    "at the place of another entry",
    () =>
      bundle(({ verificationMaterial: { tlogEntries } }) => {
        tlogEntries[0].logIndex = "1";
        tlogEntries[0].inclusionProof["logIndex"] = "1";
      }),
    "not_included",
    "the entry is not in the tree that the log signed",
  ],
  [
    "of a tree that was not signed",
    () =>
      bundle(({ verificationMaterial: { tlogEntries } }) => {
        tlogEntries[0].inclusionProof["rootHash"] = encodeBase64(new Uint8Array(32));
      }),
    "malformed",
    contradicts,
  ],
  [
    "of another log",
    () =>
      bundle(({ verificationMaterial: { tlogEntries } }) => {
        tlogEntries[0].inclusionProof["checkpoint"] = { envelope: foreign };
      }),
    "untrusted_log",
    "its checkpoint is of another log, or not signed with this log’s key",
  ],
])("a bundle %s is the same to every entrance that takes one", async (what, evidence, code, sentence) => {
  const given = evidence();
  expect(await onCommandLine(given, what)).toBe(code);
  expect(await atDesk(given)).toBe(sentence);
});

test("a signed payload of a type that is no statement's is a statement to nobody", async () => {
  const curve = { name: "ECDSA", namedCurve: "P-256" };
  const { privateKey, publicKey } = await crypto.subtle.generateKey(curve, true, ["sign", "verify"]);
  const spki = new Uint8Array(await crypto.subtle.exportKey("spki", publicKey));
  const payload = new TextEncoder().encode(atob(readEnvelope(entry().text)!.payload));
  const signed = await signEnvelope(payload, privateKey, spki, "text/plain");
  const text = JSON.stringify(signed);
  const body = formatLeafBody(leafRecordOf(signed, spki));
  expect((await matchEntry(body, 0n, () => Promise.resolve(text))).state).toBe("other_payload");
  const trust = { keys: [trustedKey(spki, "given")], pems: [], policy: policyOfKey(market.logKey.key) };
  const log = buildMemoryLog([body]);
  const tree = { origin: market.logKey.key.name, size: 1n, root: log.root, extensions: [] };
  const checkpoint = await signCheckpoint(tree, market.logKey.key, market.logKey.sign);
  const inLog = { envelope: signed, spki, index: 0n, tree: log, hashes: [], checkpoint };
  for (const judged of [
    await judgeEnvelope(text, trust),
    await judgeBundle(formatBundle(inLog, market.logKey.key), trust),
  ])
    expect(judged.rows).toMatchObject([{ state: "cannot_check", code: "unsupported_payload_type" }]);
});
