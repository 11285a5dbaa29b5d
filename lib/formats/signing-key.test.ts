import { expect, test } from "vitest";
import { encodeBase64 } from "@/lib/shared/encoding";
import { type SignatureGroup, disagreementsOf, readVectors } from "@/lib/shared/vectors.fixture";
import { ed25519Spki } from "@/lib/log/ed25519";
import { readSigningKey } from "./signing-key";

const judge =
  (spkiOf: (key: Uint8Array) => Uint8Array) =>
  async (key: Uint8Array, message: Uint8Array<ArrayBuffer>, signature: Uint8Array) => {
    const pem = `-----BEGIN PUBLIC KEY-----\n${encodeBase64(spkiOf(key))}\n-----END PUBLIC KEY-----\n`;
    const read = await readSigningKey(pem);
    if (!read) throw new Error(`No key was read from ${pem}`);
    return read.verify(signature, message);
  };

test.each([
  ["P-256", "statements", "ecdsa_secp256r1_sha256", 484],
  ["P-384", "statements", "ecdsa_secp384r1_sha384", 504],
  ["P-521", "statements", "ecdsa_secp521r1_sha512", 542],
  ["Ed25519", "log", "ed25519", 151],
])(
  "every signature of Wycheproof by a %s key gets the verdict of its file",
  async (kind, domain, name, count) => {
    const groups = readVectors<SignatureGroup[]>(domain, name);
    expect(groups.flatMap(({ tests }) => tests)).toHaveLength(count);
    expect(await disagreementsOf(groups, judge(kind === "Ed25519" ? ed25519Spki : (spki) => spki))).toEqual(
      [],
    );
  },
);
