import { rmSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { checkClaim } from "@/components/verification/check-claim";
import { signCheckpoint } from "@/lib/log/checkpoint";
import { formatLeafBody, leafRecordOf } from "@/lib/log/leaf-body";
import { buildMemoryLog } from "@/lib/log/memory-log.fixture";
import { keyFrom } from "@/lib/log/seeded-key.fixture";
import { formatBundle } from "@/lib/log/sigstore-bundle";
import { encodeBase64 } from "@/lib/shared/encoding";
import type { EntryBundle } from "@/lib/log/tile-path";
import { openTiles } from "@/lib/log/tile-reader";
import { type DsseEnvelope, keyIdOf, readEnvelope, signEnvelope } from "@/lib/statements/dsse";
import { contributionKind } from "@/lib/statements/kinds/contribution";
import { type KeyPredicate, keyStatement } from "@/lib/statements/kinds/key";
import { roleStatement } from "@/lib/statements/kinds/role";
import { replyStatement } from "@/lib/statements/reply-statement";
import { type SpeakerFault, speakerMessages } from "@/lib/statements/speaker-fault";
import { type Statement, makeStatement } from "@/lib/statements/statement";
import {
  type TestKey,
  adverseStatement,
  makeTestKey,
  revocationOf,
  usageStatement,
} from "@/lib/statements/statements.fixture";
import { hexDigest } from "@/lib/statements/verify-envelope";
import type { Check } from "@/lib/verification/check";
import { readDocument } from "@/lib/verification/document";
import { inspect } from "@/lib/verification/inspect";
import { type Market, ORIGIN, makeMarket, siteOf } from "@/lib/verification/market.fixture";
import type { Site } from "@/lib/verification/site";
import { judgeBundle, judgeEnvelope } from "./judge-envelope";
import { judgeEntries } from "./judge-entries";
import { bundleOf, entryOf, leafOf, newFolder, policyText, proofOf, publish, vkey } from "./market.fixture";
import { type LogEntry, matchEntry, readLog } from "./read-log";
import { openMemory } from "./memory";
import { endingOf } from "./row";
import { policyOfKey, policyOfText, trustedKey } from "./trust";
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
  const seen = rows.filter(({ check }) => !["observers", "history", "speaker"].includes(check));
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

/** Who is who in a log of its own: entries in their order, of which the last is judged at every entrance. */
type Said = { statement: Statement; by: TestKey };

const AT = "2026-11-22T10:00:00.000Z";
const [platform, ada, bob, eve] = await Promise.all([1, 2, 3, 4].map(() => makeTestKey()));
const [model, otherModel] = ["a".repeat(64), "c".repeat(64)];

function keyed(key: TestKey, account: string | null, more: Partial<KeyPredicate> = {}): Said {
  const statement = keyStatement({
    event: "enrolled",
    account,
    key: {
      id: key.keyId,
      kind: account === null ? "platform" : "device",
      spki: encodeBase64(key.spki),
    },
    enrolledBy: "first_key",
    vouchedBy: null,
    effectiveAt: AT,
    revokedAt: null,
    at: AT,
    ...more,
  });
  return { statement, by: platform! };
}
const revoked = (key: TestKey, account: string) => keyed(key, account, { event: "revoked", revokedAt: AT });
const role = (account: string, sells: string | null, until: string | null = null, by = platform!): Said => ({
  statement: roleStatement({
    account,
    role: sells === null ? "evaluator" : "seller",
    sells,
    from: AT,
    until,
    at: AT,
  }),
  by,
});
const drafted = (account: string): Said => ({
  statement: roleStatement({ account, role: "drafter", sells: model!, from: AT, until: null, at: AT }),
  by: platform!,
});
const sold = (account: string, by: TestKey, digest = model): Said => ({
  statement: usageStatement(account, digest!),
  by,
});
const measured = (account: string, by: TestKey): Said => ({
  statement: adverseStatement(account, model!),
  by,
});

/** Everybody's keys, and that Ada sells the model and Eve is an evaluator. */
const everybody = () => [
  keyed(platform!, null),
  keyed(ada!, "ada"),
  keyed(bob!, "bob"),
  keyed(eve!, "eve"),
  role("ada", model!),
  role("eve", null),
];

async function logOf(said: readonly Said[]) {
  const texts = await Promise.all(said.map(({ statement, by }) => by.sign(statement)));
  const entries = texts.map((text, at) => entryOf(text, said[at]!.by));
  return { published: await publish(entries), entries, last: entries.at(-1)! };
}

/** The site of such a log. It gives every earlier entry as what it holds of who speaks. */
async function siteOfLog({ published, entries, last }: Awaited<ReturnType<typeof logOf>>): Promise<Site> {
  const keyId = keyIdOf(last.spki);
  const facts = await Promise.all(entries.slice(0, -1).map((entry) => bundleOf(published, entry)));
  const texts: Record<string, string> = {
    "/log/1/vkey": `${vkey}\n`,
    "/log/1/policy": policyText,
    [`/log/1/proof/${leafOf(last)}`]: await proofOf(published, last),
    [`/log/1/speaker/${leafOf(last)}`]: JSON.stringify({ facts }),
    [`/api/v1/keys/${keyId}`]: JSON.stringify({
      ...{ keyId, keySpkiBase64: encodeBase64(last.spki), kind: "device" },
      ...{ name: "Somebody", handle: "somebody", isDemo: false, revokedAt: null },
    }),
    [`/e/${hexDigest(last.text)}`]: last.text,
  };
  return {
    origin: ORIGIN,
    readText: async (asked) =>
      texts[asked] === undefined ? { text: null, status: 404 } : { text: texts[asked] },
    fetchTile: async (tile) => published.tree.readTile(tile),
    fetchBundle: async (tile) => published.tree.readBundle(tile),
  };
}

const answering = (claim: string, stance: "confirmed" | "rejected", by: string) => ({
  seller: "ada",
  listing: "l",
  statedAt: AT,
  stance,
  contributor: { account: by },
  contribution: "labels",
  shareBasisPoints: 100,
  answers: claim,
});

/** A statement, and one about it by somebody: the second names the first by its address. */
async function about(
  first: Said,
  second: (address: string, subject: string) => Said,
  known = everybody(),
): Promise<readonly Said[]> {
  const text = await first.by.sign(first.statement);
  const signed: Said = { statement: first.statement, by: { ...first.by, sign: async () => text } };
  return [...known, signed, second(hexDigest(text), model!)];
}
const answer = (account: string, by: TestKey) => (answers: string, subject: string) => ({
  statement: replyStatement({
    ...{ sellerId: account, listingId: "l", answers, subjects: [subject], body: "Old rows.", at: AT },
  }),
  by,
});
const withdrawal = (account: string, by: TestKey) => (address: string) => ({
  statement: revocationOf(account, model!, address),
  by,
});
const claimed = (seller: string, by: TestKey, more = {}): Said => ({
  statement: makeStatement(contributionKind.predicateType, [{ sha256: model! }], {
    ...{ seller, listing: "l", statedAt: AT, stance: "stated", contribution: "labels" },
    ...{ contributor: { account: "bob" }, shareBasisPoints: 100 },
    ...more,
  }),
  by,
});
const claim = claimed("ada", ada!);
const instead = (seller: string, by: TestKey) => (replaces: string) => claimed(seller, by, { replaces });
const stance = (account: string, by: TestKey) => (address: string, subject: string) => ({
  statement: makeStatement(
    contributionKind.predicateType,
    [{ sha256: subject }],
    answering(address, "confirmed", account),
  ),
  by,
});

test.each<[string, () => readonly Said[] | Promise<readonly Said[]>, SpeakerFault | "verified"]>([
  ["by the seller, with a key in force", () => [...everybody(), sold("ada", ada!)], "verified"],
  ["by an evaluator", () => [...everybody(), measured("eve", eve!)], "verified"],
  [
    "by a key that was revoked",
    () => [...everybody(), revoked(ada!, "ada"), sold("ada", ada!)],
    "key_revoked",
  ],
  [
    "by a key that nobody listed",
    () => [keyed(platform!, null), role("ada", model!), sold("ada", ada!)],
    "key_foreign",
  ],
  ["by somebody else’s key", () => [...everybody(), sold("ada", bob!)], "key_may_not"],
  [
    "by a delegated key",
    () => [
      keyed(platform!, null),
      keyed(ada!, "ada", {
        key: { id: ada!.keyId, kind: "delegated", spki: encodeBase64(ada!.spki) },
      }),
      role("ada", model!),
      sold("ada", ada!),
    ],
    "key_may_not",
  ],
  ["by who does not sell it", () => [...everybody(), sold("bob", bob!)], "not_seller"],
  ["by who sells something else", () => [...everybody(), sold("ada", ada!, otherModel)], "not_seller"],
  [
    "by who sells but the first of its subjects",
    () => [
      ...everybody(),
      {
        statement: {
          ...sold("ada", ada!).statement,
          subject: [{ digest: { sha256: model! } }, { digest: { sha256: otherModel! } }],
        },
        by: ada!,
      },
    ],
    "not_seller",
  ],
  [
    "by whoever says of themselves that they sell it",
    () => [...everybody(), role("bob", model!, null, bob!), sold("bob", bob!)],
    "not_seller",
  ],
  ["by nobody’s evaluator", () => [...everybody(), measured("bob", bob!)], "not_evaluator"],
  [
    "by who is no evaluator any more",
    () => [...everybody(), role("eve", null, AT), measured("eve", eve!)],
    "not_evaluator",
  ],
  [
    "by an evaluator who sells it",
    () => [...everybody(), role("eve", model!), measured("eve", eve!)],
    "own_model",
  ],
  ["that answers as the seller", () => about(measured("eve", eve!), answer("ada", ada!)), "verified"],
  ["that answers as somebody else", () => about(measured("eve", eve!), answer("bob", bob!)), "not_seller"],
  [
    "by the seller of a draft, of a run",
    () => [
      ...everybody(),
      drafted("bob"),
      { statement: adverseStatement("bob", model!, "seller"), by: bob! },
    ],
    "verified",
  ],
  [
    "by the seller of a draft, of anything else",
    () => [...everybody(), drafted("bob"), sold("bob", bob!)],
    "not_seller",
  ],
  [
    "that answers as the seller of a draft of the same files",
    () => about(measured("eve", eve!), answer("bob", bob!), [...everybody(), drafted("bob")]),
    "not_seller",
  ],
  [
    "by an evaluator who has it in a draft",
    () => [...everybody(), drafted("eve"), measured("eve", eve!)],
    "own_model",
  ],
  ["that replaces a claim of its own", () => about(claim, instead("ada", ada!)), "verified"],
  [
    "that replaces a claim of another who sells it",
    () => about(claim, instead("bob", bob!), [...everybody(), role("bob", model!)]),
    "not_its_speaker",
  ],
  ["that takes its own back", () => about(sold("ada", ada!), withdrawal("ada", ada!)), "verified"],
  [
    "that takes back what another said",
    () => about(measured("eve", eve!), withdrawal("ada", ada!)),
    "not_its_speaker",
  ],
  ["that confirms a claim which names it", () => about(claim, stance("bob", bob!)), "verified"],
  ["that confirms a claim which names another", () => about(claim, stance("eve", eve!)), "not_named"],
])("a statement %s is the same to every entrance", async (_, said, code) => {
  const log = await logOf(await said());
  const site = await siteOfLog(log);
  const { last, published } = log;
  const sentence = code === "verified" ? "by the log’s own" : speakerMessages[code].slice(0, -1);
  const state = code === "verified" ? "verified" : "failed";

  const document = readDocument(last.text);
  const handed = { name: "it", sizeBytes: 1, sha256: hexDigest(last.text), document };
  const { claims } = await inspect([handed], site);
  expect(claims[0]!.speaker).toEqual({ state, message: expect.stringContaining(sentence) });

  served.clear();
  vi.stubGlobal("fetch", async (address: string) => {
    const { text } = await site.readText(new URL(address).pathname);
    return new Response(text, { status: text === null ? 404 : 200 });
  });
  vi.resetModules();
  const { checkClaim: check } = await import("@/components/verification/check-claim");
  const { payload } = readEnvelope(last.text)!;
  const { speaker } = await check({
    sha256: hexDigest(last.text),
    href: `/e/${hexDigest(last.text)}`,
    payloadSha256: hexDigest(atob(payload)),
    predicateType: (JSON.parse(atob(payload)) as Statement).predicateType,
    keySpkiBase64: encodeBase64(last.spki),
    signerName: "Somebody",
    subjectSha256: null,
  });
  expect(speaker).toEqual({ state, message: expect.stringContaining(sentence) });

  const trust = {
    keys: [trustedKey(Uint8Array.from(last.spki), "given")],
    pems: [],
    policy: policyOfText(policyText, "it"),
  };
  const texts = async (asked: string) => (await site.readText(asked)).text;
  const { rows } = await judgeEnvelope(last.text, trust, {
    served: (leaf) => texts(`/log/1/proof/${leaf}`),
    facts: (leaf) => texts(`/log/1/speaker/${leaf}`),
  });
  expect(rows.find(({ check: of }) => of === "speaker")).toMatchObject(
    code === "verified" ? { state } : { state, code },
  );
  expect(endingOf(rows)).toBe(state);

  const entries: LogEntry[] = [];
  const reader = openTiles(published.tree, async (tile) => published.tree.readTile(tile));
  const readable = {
    size: published.tree.size,
    reader,
    fetchBundle: async (tile: EntryBundle) => published.tree.readBundle(tile),
  };
  for await (const entry of readLog(
    readable,
    0n,
    async (leaf) => log.entries.find((one) => leafOf(one) === leaf)!.text,
  ))
    entries.push(entry);
  const judged = judgeEntries(entries, null).entries.at(-1)!;
  expect(judged).toMatchObject(code === "verified" ? { state: "statement" } : { state: "faulty", code });
});

test("without the log nobody’s role is green, and nothing speaks against it", async () => {
  const log = await logOf([...everybody(), sold("ada", ada!)]);
  const trust = {
    keys: [trustedKey(Uint8Array.from(log.last.spki), "given")],
    pems: [],
    policy: policyOfText(policyText, "it"),
  };
  const { rows } = await judgeBundle(await bundleOf(log.published, log.last), trust);
  expect(rows.find(({ check }) => check === "speaker")).toMatchObject({
    state: "not_checked",
    text: expect.stringContaining("cannot check who speaks"),
  });
  expect(endingOf(rows)).toBe("verified");
});
