import { sha256 } from "@noble/hashes/sha2.js";
import { decodeBase64, toHex } from "@/lib/shared/encoding";
import { ED25519_KEY_BYTES, verifyByWebCrypto } from "@/lib/log/ed25519";
import { derToRaw } from "@/lib/statements/ecdsa-signature";

type Bytes = Uint8Array<ArrayBuffer>;

/** A public key in PEM, as OpenSSF Model Signing names it: by the hex SHA-256 of the PEM text itself. */
export type SigningKey = {
  hint: string;
  verify: (signature: Uint8Array, message: Bytes) => Promise<boolean>;
};

const CURVES = [
  { namedCurve: "P-256", hash: "SHA-256", scalarBytes: 32 },
  { namedCurve: "P-384", hash: "SHA-384", scalarBytes: 48 },
  { namedCurve: "P-521", hash: "SHA-512", scalarBytes: 66 },
] as const;

/** Reads a PEM public key on P-256, P-384 or P-521, or Ed25519 where the runtime knows it; null for others. */
export async function readSigningKey(pem: string): Promise<SigningKey | null> {
  const body = /-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]{1,4000})-----END PUBLIC KEY-----/.exec(pem)?.[1];
  const spki = body === undefined ? null : decodeBase64(body.replace(/\s/g, ""));
  if (!spki) return null;
  const hint = toHex(sha256(new TextEncoder().encode(pem)));
  for (const { namedCurve, hash, scalarBytes } of CURVES) {
    const key = await importKey(spki, { name: "ECDSA", namedCurve });
    if (!key) continue;
    return {
      hint,
      verify: async (signature, message) => {
        const raw = derToRaw(signature, scalarBytes);
        return raw !== null && crypto.subtle.verify({ name: "ECDSA", hash }, key, raw, message);
      },
    };
  }
  if (!(await importKey(spki, { name: "Ed25519" }))) return null;
  const publicKey = spki.subarray(-ED25519_KEY_BYTES);
  return { hint, verify: (signature, message) => verifyByWebCrypto(publicKey, message, signature) };
}

async function importKey(
  spki: Bytes,
  algorithm: { name: string; namedCurve?: string },
): Promise<CryptoKey | null> {
  try {
    return await crypto.subtle.importKey("spki", spki, algorithm, false, ["verify"]);
  } catch {
    return null;
  }
}
