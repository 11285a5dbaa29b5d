import { bundleFromJSON, bundleToJSON } from "@sigstore/bundle";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import { Verifier, toSignedEntity, toTrustMaterial } from "@sigstore/verify";
import fc from "fast-check";
import { expect, test } from "vitest";
import { keyIdOf, signEnvelope } from "@/lib/statements/dsse";
import { encodeBase64, toHex } from "@/lib/shared/encoding";
import { signCheckpoint } from "./checkpoint";
import { cosign } from "./cosignature";
import { verifyByWebCrypto } from "./ed25519";
import { formatLeafBody, leafRecordOf, readLeafBody } from "./leaf-body";
import { buildMemoryLog } from "./memory-log.fixture";
import { leafHash, proveInclusion } from "./merkle-tree";
import { verifyByNode } from "./node-ed25519";
import { keyFrom } from "./seeded-key.fixture";
import { formatBundle, formatTrustedRoot, readBundle } from "./sigstore-bundle";
import { formatSignatureLine, formatVkey, readNote } from "./signed-note";
import { openTiles } from "./tile-reader";
import { readPolicy } from "./tlog-policy";
import { formatTlogProof, readTlogProof, verifyTlogProof } from "./tlog-proof";
import { verifyBundle } from "./verify-bundle.fixture";

const log = keyFrom(1, "market.example/log/1", 1);
const witness = keyFrom(2, "observer.example", 4);
const stranger = keyFrom(3, "market.example/log/1", 1);
const policy = readPolicy(`log ${formatVkey(log.key)}\nwitness W ${formatVkey(witness.key)}\nquorum W\n`);
const open = readPolicy(`log ${formatVkey(log.key)}\nquorum none\n`);

const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, [
  "sign",
  "verify",
]);
const spki = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
const statement = {
  _type: "https://in-toto.io/Statement/v1",
  subject: [{ digest: { sha256: "a".repeat(64) } }],
  predicateType: "https://offcut.example/predicates/limitation/v1",
  predicate: { text: "Fails on handwriting." },
};
const payload = new TextEncoder().encode(JSON.stringify(statement));
const envelope = await signEnvelope(payload, pair.privateKey, spki);
const body = formatLeafBody(leafRecordOf(envelope, spki));

/** The log in which our envelope stands at 77 of 300, with what proves it. */
async function logged(at = 77, size = 300, signer = log) {
  const entries = Array.from({ length: size }, (_, index) =>
    index === at ? body : new TextEncoder().encode(`other ${index}`),
  );
  const tree = buildMemoryLog(entries);
  const reader = openTiles(tree, async (tile) => tree.readTile(tile));
  const hashes = await proveInclusion(BigInt(at), tree.size, reader.readHashes);
  const { size: treeSize, root } = tree;
  const claim = { origin: log.key.name, size: treeSize, root, extensions: [] };
  const note = await signCheckpoint(claim, signer.key, signer.sign);
  const seen = await cosign(readNote(note)!.text, 1_790_000_000n, witness.key, witness.sign);
  const checkpoint = note + formatSignatureLine(seen);
  return { envelope, spki, index: BigInt(at), tree: { size: treeSize, root }, hashes, checkpoint };
}

const trust = { trustedKeys: [spki], policy, verify: verifyByNode };
const proven = await logged();
const bundle = formatBundle(proven, log.key);
const { index, hashes, checkpoint } = proven;
const proof = formatTlogProof({ index, hashes, checkpoint, extra: null });

/** Sigstore's own verifier, given our trusted root and the signer's key. */
function verifyBySigstore(text: string): void {
  const root = TrustedRoot.fromJSON(JSON.parse(formatTrustedRoot(log.key, new Date("2026-01-01T00:00:00Z"))));
  const keys = { [keyIdOf(spki)]: { hint: keyIdOf(spki), rawBytes: Buffer.from(spki), keyDetails: 5 } };
  const verifier = new Verifier(toTrustMaterial(root, keys as never), {
    tlogThreshold: 1,
    timestampThreshold: 0,
    ctlogThreshold: 0,
  });
  verifier.verify(toSignedEntity(bundleFromJSON(JSON.parse(text))));
}

test("a leaf is the canonical record of digest, signature and key, and says nothing of the statement", () => {
  const text = new TextDecoder().decode(body);
  expect(
    text.startsWith('{"apiVersion":"0.0.2","kind":"hashedrekord","spec":{"hashedRekordV002":{"data":'),
  ).toBe(true);
  expect(text).not.toContain("handwriting");
  // DER signatures of P-256 have 70 to 72 bytes, sometimes less; base64 rounds them.
  expect(body.length).toBeGreaterThan(470);
  expect(body.length).toBeLessThanOrEqual(489);
  expect(readLeafBody(body)).toEqual(leafRecordOf(envelope, spki));
  expect(readLeafBody(new TextEncoder().encode(` ${text}`))).toBeNull();
  expect(readLeafBody(new TextEncoder().encode(text.replace("0.0.2", "0.0.3")))).toBeNull();
});

test("an envelope with no or two signatures has no leaf", () => {
  expect(() => leafRecordOf({ ...envelope, signatures: [] }, spki)).toThrow(RangeError);
  const twice = { ...envelope, signatures: [...envelope.signatures, ...envelope.signatures] };
  expect(() => leafRecordOf(twice, spki)).toThrow(RangeError);
});

test("a bundle of a logged envelope verifies, in Node and by WebCrypto", async () => {
  for (const verify of [verifyByNode, verifyByWebCrypto]) {
    const check = await verifyBundle(bundle, { ...trust, verify });
    expect(check).toMatchObject({ state: "verified", index: 77n, signedBy: keyIdOf(spki) });
    if (check.state === "verified") expect(toHex(check.payload)).toBe(toHex(payload));
  }
});

test("Sigstore's verifier accepts our bundles under our trusted root", async () => {
  verifyBySigstore(bundle);
  for (const [at, size] of [
    [0, 1],
    [0, 2],
    [254, 255],
    [255, 256],
    [256, 257],
    [300, 70_000],
  ] as const) {
    verifyBySigstore(formatBundle(await logged(at, size), log.key));
  }
});

test("a bundle that Sigstore's own library wrote anew, without zeros and empty lists, verifies here", async () => {
  for (const [at, size] of [
    [77, 300],
    [0, 2],
    [0, 1],
  ] as const) {
    const text = formatBundle(await logged(at, size), log.key);
    const rewritten = JSON.stringify(bundleToJSON(bundleFromJSON(JSON.parse(text))));
    expect(rewritten).not.toContain('"0"');
    expect(rewritten).not.toContain("[]");
    expect(await verifyBundle(rewritten, trust)).toMatchObject({ state: "verified", index: BigInt(at) });
  }
});

test("Sigstore's verifier rejects what we reject", async () => {
  const forgeries = [
    formatBundle({ ...proven, index: 78n }, log.key),
    formatBundle({ ...proven, hashes: proven.hashes.toReversed() }, log.key),
    formatBundle(await logged(77, 300, stranger), log.key),
    bundle.replace(envelope.payload, encodeBase64(new TextEncoder().encode("{}"))),
  ];
  for (const forgery of forgeries) {
    expect(() => verifyBySigstore(forgery)).toThrow();
    expect((await verifyBundle(forgery, trust)).state).toBe("failed");
  }
});

test("the reason says what is wrong", async () => {
  const other = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign"]);
  const otherSpki = new Uint8Array(await crypto.subtle.exportKey("spki", other.publicKey));
  const resigned = await signEnvelope(payload, pair.privateKey, spki);
  const [sig, newSig] = [envelope.signatures[0]!.sig, resigned.signatures[0]!.sig];
  const reasonOf = async (text: string, given = trust) => {
    const check = await verifyBundle(text, given);
    return check.state === "failed" ? check.reason : "verified";
  };
  expect(await reasonOf(bundle, { ...trust, trustedKeys: [otherSpki] })).toBe("untrusted_key");
  expect(await reasonOf(bundle.replace(`"sig":"${sig}"`, `"sig":"${newSig}"`))).toBe("other_entry");
  expect(await reasonOf(formatBundle({ ...proven, envelope: resigned }, log.key))).toBe("not_included");
  expect(await reasonOf(formatBundle({ ...proven, checkpoint: "x" }, log.key))).toBe("malformed");
  expect(await reasonOf(formatBundle(await logged(77, 300, stranger), log.key))).toBe("untrusted_log");
  const unseen = checkpoint.replace(/— observer.*\n/, "");
  expect(await reasonOf(formatBundle({ ...proven, checkpoint: unseen }, log.key))).toBe("quorum_missing");
  expect(
    await reasonOf(formatBundle({ ...proven, checkpoint: unseen }, log.key), { ...trust, policy: open }),
  ).toBe("verified");
  expect(await reasonOf(bundle.replace('"integratedTime":"0"', '"integratedTime":"1"'))).toBe("malformed");
  expect(await reasonOf("{}")).toBe("malformed");
});

/** Every single change of a byte, over a few masks; `stride` thins out the masks, never the places. */
function* flipsOf(text: string): Generator<string> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at++) {
    const changed = bytes.slice();
    changed[at]! ^= [1, 2, 4, 8, 16, 32][at % 6]!;
    yield new TextDecoder().decode(changed);
  }
}

test("no byte of a bundle can change and leave another payload, signer or entry verified", async () => {
  for (const text of flipsOf(bundle)) {
    const check = await verifyBundle(text, trust);
    if (check.state === "failed") continue;
    expect(toHex(check.payload)).toBe(toHex(payload));
    expect([check.signedBy, check.index]).toEqual([keyIdOf(spki), 77n]);
    expect(toHex(check.checkpoint.root)).toBe(toHex(proven.tree.root));
  }
}, 120_000);

test("no byte of a proof can change and leave it verified, but in what nobody signed", async () => {
  const leaf = leafHash(body);
  expect(await verifyTlogProof(proof, leaf, policy, verifyByNode)).toMatchObject({
    state: "verified",
    index: 77n,
  });
  for (const text of flipsOf(proof)) {
    expect((await verifyTlogProof(text, leaf, policy, verifyByNode)).state).toBe("failed");
  }
}, 120_000);

test("a proof is read back as it was written, with or without extra data", () => {
  for (const extra of [null, new TextEncoder().encode("from elsewhere")]) {
    expect(readTlogProof(formatTlogProof({ index, hashes, checkpoint, extra }))).toEqual({
      index,
      hashes,
      checkpoint,
      extra,
    });
  }
  expect(proof.startsWith("c2sp.org/tlog-proof@v1\nindex 77\n")).toBe(true);
});

test("the proof of the only leaf has no hashes", async () => {
  const only = await logged(0, 1);
  const text = formatTlogProof({ ...only, extra: null });
  expect(readTlogProof(text)?.hashes).toEqual([]);
  expect((await verifyTlogProof(text, leafHash(body), policy, verifyByNode)).state).toBe("verified");
});

test("no text makes a reader throw, and no proof is longer than a tree can be high", async () => {
  const line = encodeBase64(new Uint8Array(32));
  const long = proof.replace("index 77\n", `index 77\n${`${line}\n`.repeat(64)}`);
  expect(readTlogProof(long)).toBeNull();
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.json(), fc.string({ unit: "binary" })), async (noise) => {
      readTlogProof(noise);
      readTlogProof(`c2sp.org/tlog-proof@v1\n${noise}`);
      expect(readBundle(noise)).toBeNull();
      expect((await verifyBundle(noise, trust)).state).toBe("failed");
    }),
    { numRuns: 1_000 },
  );
});
