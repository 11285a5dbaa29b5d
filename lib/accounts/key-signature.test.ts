import { generateKeyPairSync, sign } from "node:crypto";
import { expect, test } from "vitest";
import { hasSigned, publicKeyOf } from "./key-signature";

function keyPair(namedCurve = "prime256v1") {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve });
  return { spki: publicKey.export({ format: "der", type: "spki" }), privateKey };
}

test("reads a P-256 key and names it by the SHA-256 of its encoding", () => {
  const { spki } = keyPair();
  const key = publicKeyOf(spki.toString("base64"));
  expect(key.keyId).toMatch(/^[0-9a-f]{64}$/);
  expect(Buffer.from(key.spki)).toEqual(spki);
});

test("refuses another curve, another algorithm, trailing bytes and rubbish", () => {
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({
    format: "der",
    type: "spki",
  });
  const padded = Buffer.concat([keyPair().spki, Buffer.from([0])]);
  for (const bytes of [
    keyPair("secp384r1").spki,
    keyPair("secp256k1").spki,
    rsa,
    padded,
    Buffer.from("rubbish"),
    Buffer.alloc(0),
  ]) {
    expect(() => publicKeyOf(bytes.toString("base64"))).toThrow(
      expect.objectContaining({ code: "key_unreadable" }),
    );
  }
});

test("knows its own signature and no other", () => {
  const { spki, privateKey } = keyPair();
  const signature = sign("sha256", Buffer.from("text"), { key: privateKey, dsaEncoding: "der" }).toString(
    "base64",
  );
  expect(hasSigned(spki, "text", signature)).toBe(true);
  expect(hasSigned(spki, "text ", signature)).toBe(false);
  expect(hasSigned(keyPair().spki, "text", signature)).toBe(false);
  expect(hasSigned(spki, "text", "")).toBe(false);
  const raw = sign("sha256", Buffer.from("text"), { key: privateKey, dsaEncoding: "ieee-p1363" }).toString(
    "base64",
  );
  expect(hasSigned(spki, "text", raw)).toBe(false);
});
