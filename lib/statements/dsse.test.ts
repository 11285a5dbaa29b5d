import { createPublicKey, createVerify, generateKeyPairSync, sign, verify } from "node:crypto";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { IN_TOTO_PAYLOAD_TYPE, keyIdOf, preAuthEncoding, readEnvelope, signEnvelope } from "./dsse";
import { decodeBase64, encodeBase64 } from "@/lib/shared/encoding";
import { derToRaw, p1363ToDer } from "./ecdsa-signature";
import { isSignedBy } from "./statements.fixture";

const utf8 = (text: string) => new TextEncoder().encode(text);

type Signer = { privateKey: CryptoKey; spki: Uint8Array };
let alice: Signer;
let bob: Signer;

async function makeSigner(): Promise<Signer> {
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, [
    "sign",
    "verify",
  ]);
  return {
    privateKey: pair.privateKey,
    spki: new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey)),
  };
}

beforeAll(async () => {
  [alice, bob] = await Promise.all([makeSigner(), makeSigner()]);
});

test("the specification's own vector: its encoding and its P-256 signature hold", async () => {
  const hexOf = (decimal: string) =>
    Buffer.from(BigInt(decimal).toString(16).padStart(64, "0"), "hex").toString("base64url");
  const publicKey = createPublicKey({
    format: "jwk",
    key: {
      kty: "EC",
      crv: "P-256",
      x: hexOf("46950820868899156662930047687818585632848591499744589407958293238635476079160"),
      y: hexOf("5640078356564379163099075877009565129882514886557779369047442380624545832820"),
    },
  });
  const envelope = {
    payload: "aGVsbG8gd29ybGQ=",
    payloadType: "http://example.com/HelloWorld",
    signatures: [
      { sig: "A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA==" },
    ],
  };
  expect(new TextDecoder().decode(preAuthEncoding(envelope.payloadType, utf8("hello world")))).toBe(
    "DSSEv1 29 http://example.com/HelloWorld 11 hello world",
  );
  const spki = new Uint8Array(publicKey.export({ type: "spki", format: "der" }));
  expect(await isSignedBy(envelope, [spki])).toBe(true);
  expect(await isSignedBy({ ...envelope, payload: "aGVsbG8gd29ybGU=" }, [spki])).toBe(false);
  expect(await isSignedBy({ ...envelope, payloadType: "http://example.com/HelloWorlds" }, [spki])).toBe(
    false,
  );
});

test("lengths are counted in UTF-8 bytes, so no two pairs of type and body share an encoding", () => {
  expect(new TextDecoder().decode(preAuthEncoding("é", utf8("😀")))).toBe("DSSEv1 2 é 4 😀");
  const pair = fc.tuple(
    fc.string({ unit: "grapheme", maxLength: 8 }),
    fc.string({ unit: "grapheme", maxLength: 8 }),
  );
  fc.assert(
    fc.property(pair, pair, (one, other) => {
      const same =
        encodeBase64(preAuthEncoding(one[0], utf8(one[1]))) ===
        encodeBase64(preAuthEncoding(other[0], utf8(other[1])));
      expect(same).toBe(one[0] === other[0] && one[1] === other[1]);
    }),
  );
});

test("another implementation accepts what is signed here, as DER", async () => {
  const payload = utf8('{"a":1}');
  const envelope = await signEnvelope(payload, alice.privateKey, alice.spki);
  const key = createPublicKey({ key: Buffer.from(alice.spki), format: "der", type: "spki" });
  const signature = Buffer.from(envelope.signatures[0]!.sig, "base64");
  const checker = createVerify("sha256").update(preAuthEncoding(IN_TOTO_PAYLOAD_TYPE, payload));
  expect(checker.verify(key, signature)).toBe(true);
  expect(envelope.signatures[0]!.keyid).toBe(keyIdOf(alice.spki));
  expect(envelope.signatures[0]!.keyid).toMatch(/^[0-9a-f]{64}$/);
});

test("what another implementation signs is accepted here, with or without a key id", async () => {
  const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const spki = new Uint8Array(pair.publicKey.export({ type: "spki", format: "der" }));
  const payload = utf8("anything");
  const sig = sign("sha256", preAuthEncoding("text/plain", payload), pair.privateKey).toString("base64url");
  for (const keyid of [undefined, "", null, keyIdOf(spki)]) {
    const envelope = {
      payload: encodeBase64(payload),
      payloadType: "text/plain",
      signatures: [{ keyid, sig }],
    };
    expect(await isSignedBy(envelope, [alice.spki, spki])).toBe(true);
  }
});

test("a threshold counts distinct trusted keys, not signatures", async () => {
  const payload = utf8("agreed");
  const [first, again, second] = await Promise.all([
    signEnvelope(payload, alice.privateKey, alice.spki),
    signEnvelope(payload, alice.privateKey, alice.spki),
    signEnvelope(payload, bob.privateKey, bob.spki),
  ]);
  const twiceAlice = { ...first, signatures: [...first.signatures, ...again.signatures] };
  const both = { ...first, signatures: [...first.signatures, ...second.signatures] };
  const keys = [alice.spki, bob.spki];
  expect(await isSignedBy(twiceAlice, keys, 2)).toBe(false);
  expect(await isSignedBy(both, keys, 2)).toBe(true);
  expect(await isSignedBy(both, [alice.spki], 2)).toBe(false);
  expect(await isSignedBy(both, [alice.spki, alice.spki], 2)).toBe(false);
  expect(await isSignedBy(both, keys, 0)).toBe(false);
});

test("both base64 alphabets decode, padded or not, and a mixture or a loose bit does not", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
      const standard = Buffer.from(bytes).toString("base64");
      expect(encodeBase64(bytes)).toBe(standard);
      const url = Buffer.from(bytes).toString("base64url");
      const urlPadded = url.padEnd(Math.ceil(url.length / 4) * 4, "=");
      for (const text of [standard, standard.replace(/=/g, ""), url, urlPadded]) {
        expect(decodeBase64(text)).toEqual(Uint8Array.from(bytes));
      }
    }),
  );
  for (const text of ["+_", "ab+_", "a", "ab=", "abc==", "YR==", "a b=", "YQ=\n", "====", "YQ==YQ=="]) {
    expect(decodeBase64(text)).toBeNull();
  }
});

test("raw and DER signatures convert into each other without loss", () => {
  const scalar = fc.oneof(
    fc.uint8Array({ minLength: 32, maxLength: 32 }),
    fc
      .tuple(fc.integer({ min: 1, max: 32 }), fc.uint8Array({ minLength: 32, maxLength: 32 }))
      .map(([zeros, bytes]) => {
        bytes.fill(0, 0, zeros);
        return bytes;
      }),
  );
  fc.assert(
    fc.property(scalar, scalar, (r, s) => {
      const raw = Uint8Array.from([...r, ...s]);
      expect(derToRaw(p1363ToDer(raw))).toEqual(raw);
    }),
    { numRuns: 1_000 },
  );
  expect(() => p1363ToDer(new Uint8Array(63))).toThrow(RangeError);
});

test("only the one strict DER form is read: every reading writes back to the same bytes", () => {
  const almost = fc
    .tuple(fc.uint8Array({ minLength: 64, maxLength: 64 }), fc.nat(), fc.integer({ min: 0, max: 255 }))
    .map(([raw, at, value]) => {
      const der = p1363ToDer(raw);
      der[at % der.length] = value;
      return der;
    });
  fc.assert(
    fc.property(fc.oneof(almost, fc.uint8Array({ maxLength: 80 })), (der) => {
      const raw = derToRaw(der);
      if (raw) expect(p1363ToDer(raw)).toEqual(Uint8Array.from(der));
    }),
    { numRuns: 2_000 },
  );
});

test("converted signatures hold in another implementation in either form", () => {
  const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
  for (let round = 0; round < 40; round++) {
    const message = Buffer.from(`message ${round}`);
    const der = sign("sha256", message, pair.privateKey);
    const raw = derToRaw(der)!;
    expect(verify("sha256", message, { key: pair.publicKey, dsaEncoding: "ieee-p1363" }, raw)).toBe(true);
    expect(verify("sha256", message, pair.publicKey, p1363ToDer(raw))).toBe(true);
  }
});

test("an envelope is read only in its exact shape, and no text makes reading throw", () => {
  const good = { payload: "", payloadType: "t", signatures: [{ sig: "" }] };
  expect(readEnvelope(JSON.stringify(good))).toEqual({ ...good, signatures: [{ keyid: "", sig: "" }] });
  for (const bad of [
    { ...good, signatures: [] },
    { ...good, signatures: [{}] },
    { ...good, signatures: [{ sig: "", keyid: 3 }] },
    { ...good, payload: 1 },
    { ...good, signatures: Array.from({ length: 17 }, () => ({ sig: "" })) },
    [good],
    null,
  ]) {
    expect(readEnvelope(JSON.stringify(bad))).toBeNull();
  }
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void readEnvelope(text)));
});
