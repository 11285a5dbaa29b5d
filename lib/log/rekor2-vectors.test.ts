import { X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { canonicalBytes } from "@/lib/shared/jcs";
import { decodeBase64, encodeBase64, parseRecord } from "@/lib/shared/encoding";
import { readVectors } from "@/lib/shared/vectors.fixture";
import { type DsseEnvelope, keyIdOf } from "@/lib/statements/dsse";
import { signCheckpoint } from "./checkpoint";
import { ED25519_KEY_BYTES, ed25519Spki } from "./ed25519";
import { formatLeafBody, leafRecordOf, readLeafBody } from "./leaf-body";
import { equalBytes, leafHash } from "./merkle-tree";
import { verifyByNode } from "./node-ed25519";
import { keyFrom } from "./seeded-key.fixture";
import { formatBundle, logIdOf, readBundle } from "./sigstore-bundle";
import { SIGNATURE_TYPE, noteKey } from "./signed-note";
import type { TlogPolicy } from "./tlog-policy";
import { checkInclusion } from "./tlog-proof";
import { verifyBundle } from "./verify-bundle.fixture";

type Entry = { canonicalizedBody: string };
type Case = {
  name: string;
  bundle: {
    verificationMaterial: { certificate: { rawBytes: string }; tlogEntries: [Entry] };
    dsseEnvelope?: DsseEnvelope;
  };
  tlogs: { baseUrl: string; publicKey: { rawBytes: string; keyDetails: string }; logId: { keyId: string } }[];
};

const cases = readVectors<Case[]>("log", "rekor2");
const bytesIn = (base64: string) => decodeBase64(base64) ?? new Uint8Array();

/** The logs of a trusted root that sign with Ed25519: all that write Rekor v2. */
const logsOf = ({ tlogs }: Case) =>
  tlogs
    .filter(({ publicKey }) => publicKey.keyDetails === "PKIX_ED25519")
    .map(({ baseUrl, publicKey, logId }) => {
      const spki = bytesIn(publicKey.rawBytes);
      const key = noteKey(new URL(baseUrl).host, SIGNATURE_TYPE.ed25519, spki.slice(-ED25519_KEY_BYTES));
      return { key, spki, id: logId.keyId };
    });

/** The key in the certificate of the signer; the certificate itself is nothing that is judged here. */
const signerOf = ({ bundle }: Case) =>
  new Uint8Array(
    new X509Certificate(bytesIn(bundle.verificationMaterial.certificate.rawBytes)).publicKey.export({
      format: "der",
      type: "spki",
    }),
  );

const anyEnvelope: DsseEnvelope = { payload: "", payloadType: "text/plain", signatures: [{ sig: "AA==" }] };

/** What our own reader and verifier make of entry, proof and checkpoint, taken as they are. */
async function judgeTree(given: Case): Promise<string> {
  const { verificationMaterial, ...signed } = given.bundle;
  const read = readBundle(
    JSON.stringify({
      dsseEnvelope: anyEnvelope,
      ...signed,
      verificationMaterial: {
        publicKey: { hint: keyIdOf(signerOf(given)) },
        tlogEntries: verificationMaterial.tlogEntries,
      },
    }),
  );
  if (!read) return "malformed";
  const logs = logsOf(given).map(({ key }) => ({ key }));
  const policy: TlogPolicy = { logs, witnesses: [], groups: [], quorum: null };
  const found = await checkInclusion(read, leafHash(read.body), policy, verifyByNode);
  if (found.state === "failed") return found.reason;
  expect(found.checkpoint).toMatchObject(read.tree);
  expect(read.logId).toEqual(logIdOf(found.logKey));
  return "verified";
}

/** The entry as it would be by a bare key: that key stands in the place of its certificate, and all else stays. */
function entryByKey(given: Case): Uint8Array<ArrayBuffer> {
  const [{ canonicalizedBody }] = given.bundle.verificationMaterial.tlogEntries;
  const body = parseRecord(Buffer.from(canonicalizedBody, "base64").toString("utf8")) as {
    spec: { hashedRekordV002: { signature: { verifier: Record<string, unknown> } } };
  };
  const { verifier } = body.spec.hashedRekordV002.signature;
  delete verifier["x509Certificate"];
  verifier["publicKey"] = { rawBytes: encodeBase64(signerOf(given)) };
  return canonicalBytes(body);
}

const ourLog = keyFrom(1, "market.example/log/1", 1);

/** What our verifier makes of envelope and entry, when that entry stands alone in a log that is trusted. */
async function judgeEntry(given: Case, envelope: DsseEnvelope): Promise<string> {
  const spki = signerOf(given);
  const body = entryByKey(given);
  const tree = { size: 1n, root: leafHash(body) };
  const claim = { origin: ourLog.key.name, ...tree, extensions: [] };
  const checkpoint = await signCheckpoint(claim, ourLog.key, ourLog.sign);
  const place = { index: 0n, tree, hashes: [], checkpoint };
  const own = encodeBase64(formatLeafBody(leafRecordOf(envelope, spki)));
  const text = formatBundle({ envelope, spki, ...place }, ourLog.key).replace(own, encodeBase64(body));
  const policy: TlogPolicy = { logs: [{ key: ourLog.key }], witnesses: [], groups: [], quorum: null };
  const check = await verifyBundle(text, { trustedKeys: [spki], policy, verify: verifyByNode });
  return check.state === "failed" ? check.reason : "verified";
}

const trees: Record<string, string> = {
  "rekor2-happy-path": "verified",
  "rekor2-no-inclusion-proof_fail": "malformed",
  "rekor2-checkpoint-cosigned": "verified",
  "rekor2-checkpoint-multiple-cosigs": "verified",
  "rekor2-checkpoint-origin-not-first": "verified",
  "rekor2-checkpoint-two-sigs-cosigned": "verified",
  "rekor2-checkpoint-two-sigs-from-origin": "verified",
  "rekor2-checkpoint-missing-log-signature_fail": "malformed",
  "rekor2-checkpoint-missing-origin_fail": "malformed",
  "rekor2-checkpoint-missing-root-hash_fail": "malformed",
  "rekor2-checkpoint-missing-size_fail": "malformed",
  "rekor2-checkpoint-no-matching-signature_fail": "untrusted_log",
};

const entries: Record<string, string> = {
  "rekor2-dsse-happy-path": "verified",
  "rekor2-dsse-invalid-sig_fail": "untrusted_key",
  "rekor2-dsse-mismatch-envelope_fail": "other_entry",
  "rekor2-dsse-mismatch-sig_fail": "other_entry",
};

/** About timestamps and certificates of their authorities, which nothing here reads: not judged by us. */
const notJudged = [
  "rekor2-no-timestamp_fail",
  "rekor2-timestamp-outside-trust-root-tsa-validity_fail",
  "rekor2-timestamp-outside-tsa-cert-validity_fail",
  "rekor2-timestamp-payload-mismatch_fail",
  "rekor2-timestamp-untrusted-tsa-with-embedded-cert_fail",
  "rekor2-timestamp-untrusted-tsa-without-embedded-cert_fail",
  "rekor2-timestamp-with-embedded-cert",
  "rekor2-timestamp-with-expired-cert-chain",
  "rekor2-timestamp-with-incorrect-time_fail",
  "rekor2-timestamp-without-embedded-cert",
];

const named = (names: readonly string[]) => cases.filter(({ name }) => names.includes(name));

test("every case of sigstore-conformance for Rekor v2 is about the tree, about the entry, or named as not judged", () => {
  const known = [...Object.keys(trees), ...Object.keys(entries), ...notJudged];
  expect(cases.map(({ name }) => name).toSorted()).toEqual(known.toSorted());
  for (const [name, verdict] of [...Object.entries(trees), ...Object.entries(entries)])
    expect(name.endsWith("_fail"), name).toBe(verdict !== "verified");
});

test.each(named(Object.keys(trees)))("checkpoint and inclusion of $name get its verdict", async (given) => {
  expect(await judgeTree(given)).toBe(trees[given.name]);
});

test.each(named(Object.keys(entries)))("envelope and entry of $name get its verdict", async (given) => {
  expect(await judgeTree(given)).toBe("verified");
  expect(await judgeEntry(given, given.bundle.dsseEnvelope!)).toBe(entries[given.name]);
});

test.each(named(notJudged))("of $name only the log is judged, and it is in order", async (given) => {
  expect(await judgeTree(given)).toBe("verified");
});

test("a log has the id that Sigstore's trusted roots give it, and an entry the spelling that Rekor gives it", () => {
  for (const given of cases) {
    for (const { key, spki, id } of logsOf(given)) {
      expect(encodeBase64(logIdOf(key))).toBe(id);
      expect(ed25519Spki(key.publicKey)).toEqual(spki);
    }
    const [{ canonicalizedBody }] = given.bundle.verificationMaterial.tlogEntries;
    const body = bytesIn(canonicalizedBody);
    expect(equalBytes(canonicalBytes(JSON.parse(new TextDecoder().decode(body))), body)).toBe(true);
    expect(readLeafBody(entryByKey(given))?.spki).toEqual(signerOf(given));
  }
});
