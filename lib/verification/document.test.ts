import { beforeAll, expect, test } from "vitest";
import { readVectors } from "@/lib/shared/vectors.fixture";
import { readDocument } from "./document";
import { inspect } from "./inspect";
import { type Market, makeMarket, siteOf } from "./market.fixture";

let market: Market;
beforeAll(async () => {
  market = await makeMarket();
});

test("every form of evidence is told by its text", () => {
  const [entry] = market.entries;
  const texts = [entry!.text, entry!.bundle, entry!.proof, market.checkpoint, market.manifest];
  expect(texts.map((text) => readDocument(text).kind)).toEqual([
    "envelope",
    "bundle",
    "proof",
    "checkpoint",
    "manifest",
  ]);
});

test("what has the form of evidence and is none is broken, and anything else a model's file", () => {
  const [entry] = market.entries;
  expect(readDocument(entry!.bundle.replace('"0.0.2"', '"0.0.3"'))).toEqual({ kind: "broken", of: "bundle" });
  expect(readDocument(entry!.proof.replace("index 0", "index -1"))).toEqual({ kind: "broken", of: "proof" });
  expect(readDocument('{"payload":1,"payloadType":"x","signatures":[]}')).toEqual({
    kind: "broken",
    of: "envelope",
  });
  expect(readDocument(`x${market.checkpoint}`).kind).toBe("checkpoint");
  for (const text of ["", "weights", "{}", "[]", '{"a":0}', "null", market.manifest.replace("{", "{ ")])
    expect(readDocument(text)).toEqual({ kind: "other" });
});

const envelopeOf = () =>
  (JSON.parse(market.entries[0]!.bundle) as { dsseEnvelope: { signatures: { sig: string }[] } }).dsseEnvelope;

test("another program's bundle without a log is read as its envelope, under the key it hints at", () => {
  const verificationMaterial = { publicKey: { hint: market.keyId } };
  for (const keyid of [undefined, null, ""]) {
    const dsseEnvelope = envelopeOf();
    const signatures = dsseEnvelope.signatures.map(({ sig }) => ({ sig, keyid }));
    const text = JSON.stringify({ verificationMaterial, dsseEnvelope: { ...dsseEnvelope, signatures } });
    expect(readDocument(text)).toMatchObject({ kind: "envelope", hint: market.keyId });
  }
});

test("an envelope that names its key is read under it, whatever the text is that a bundle hints at", () => {
  const verificationMaterial = { publicKey: { hint: "0".repeat(64) } };
  const document = readDocument(JSON.stringify({ verificationMaterial, dsseEnvelope: envelopeOf() }));
  expect(document).toMatchObject({ kind: "envelope", hint: null });
});

test("a bundle by certificate, with its entry in a log of others, is read as its envelope and is not broken", () => {
  const verificationMaterial = { certificate: { rawBytes: "AA==" }, tlogEntries: [{ logIndex: "1" }] };
  expect(readDocument(JSON.stringify({ verificationMaterial, dsseEnvelope: envelopeOf() }))).toMatchObject({
    kind: "envelope",
  });
});

test("a Sigstore bundle that nothing here can judge is said to be one, and no damaged one of ours is", async () => {
  const { dsseEnvelope } = JSON.parse(market.entries[0]!.bundle) as { dsseEnvelope: unknown };
  const byKey = (version: string) => ({
    publicKey: { hint: market.keyId },
    tlogEntries: [{ kindVersion: { kind: "dsse", version } }],
  });
  const foreign = [
    ...readVectors<{ bundle: unknown }[]>("log", "rekor2").map(({ bundle }) => bundle),
    { verificationMaterial: byKey("0.0.1"), dsseEnvelope },
    { verificationMaterial: byKey("0.0.2"), messageSignature: {} },
  ];
  const files = foreign.map((bundle, at) => ({
    name: `${at}.json`,
    sizeBytes: 0,
    sha256: "",
    document: readDocument(JSON.stringify(bundle)),
  }));
  // Of one by certificate the envelope is read all the same.
  expect(new Set(files.map(({ document }) => document.kind))).toEqual(new Set(["foreign", "envelope"]));
  const report = await inspect(files.slice(0, 1), siteOf(market));
  expect(report).toMatchObject({ claims: [], files: [{ kind: "foreign", problem: null }] });
  expect(report.notes).toEqual([
    expect.stringMatching(/^0\.json: cannot check\. .*says nothing against it\.$/),
  ]);

  const other = { verificationMaterial: byKey("0.0.9"), dsseEnvelope };
  expect(readDocument(JSON.stringify(other))).toEqual({ kind: "broken", of: "bundle" });
  for (const changed of changes(market.entries[0]!.bundle, 1))
    expect(readDocument(changed).kind).not.toBe("foreign");
});

/** Bytes changed in one bit each, which may leave UTF-8. */
function* changes(text: string, step: number): Generator<string> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += step) {
    const changed = Uint8Array.from(bytes);
    changed[at]! ^= 1;
    yield new TextDecoder().decode(changed);
  }
}

// Every byte of a bundle is changed in the browser; here one in three.
test.each([
  ["text", 1],
  ["bundle", 3],
  ["proof", 1],
] as const)(
  "a changed byte of an entry's %s is rejected, or nothing that was found changes",
  async (part, step) => {
    const site = siteOf(market);
    const judge = async (text: string) => {
      const document = readDocument(text);
      const { claims } = await inspect([{ name: "x", sizeBytes: 1, sha256: "", document }], site);
      return claims[0];
    };
    const original = market.entries[0]![part];
    const whole = (await judge(original))!;
    expect([whole.signature.state, whole.log.state]).toEqual(["verified", "verified"]);
    const { envelopeSha256: _, ...same } = whole.identity;
    let accepted = 0;
    for (const text of changes(original, step)) {
      const claim = await judge(text);
      if (claim?.signature.state !== "verified" || claim.log.state !== "verified") continue;
      accepted += 1;
      expect(claim.identity).toMatchObject(same);
      expect(claim.sentences).toEqual(whole.sentences);
    }
    // Unsigned letters only: names of fields that nobody reads, and of witnesses nobody lists.
    expect(accepted).toBeLessThan(40);
  },
  240_000,
);
