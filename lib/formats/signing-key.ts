import { sha256 } from "@noble/hashes/sha2.js";
import { decodeBase64, encodeBase64, toHex } from "@/lib/shared/encoding";
import { ED25519_KEY_BYTES, verifyByWebCrypto } from "@/lib/log/ed25519";
import { derToRaw } from "@/lib/statements/ecdsa-signature";

type Bytes = Uint8Array<ArrayBuffer>;

/** A public key in PEM, as OpenSSF Model Signing names it: by the hex SHA-256 of the PEM text. */
export type SigningKey = {
  hints: ReadonlySet<string>;
  /** As OpenSSL writes it. */
  pem: string;
  verify: (signature: Uint8Array, message: Bytes) => Promise<boolean>;
};

const CURVES = [
  { namedCurve: "P-256", hash: "SHA-256", scalarBytes: 32 },
  { namedCurve: "P-384", hash: "SHA-384", scalarBytes: 48 },
  { namedCurve: "P-521", hash: "SHA-512", scalarBytes: 66 },
] as const;

/**
 * Reads a PEM public key on P-256, P-384 or P-521, or Ed25519 where the runtime knows it; null for others.
 * The text that names it is the one that OpenSSL writes, with either line ends, or the one given: other programs put words
 * before it, and forms change its line ends.
 */
export async function readSigningKey(pem: string): Promise<SigningKey | null> {
  const body = /-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]{1,4000})-----END PUBLIC KEY-----/.exec(pem)?.[1];
  const spki = body === undefined ? null : decodeBase64(body.replace(/\s/g, ""));
  if (!spki) return null;
  const own = pemOf(spki);
  const forms = [pem, own, own.trimEnd(), own.replaceAll("\n", "\r\n")];
  const hints = new Set(forms.map((text) => toHex(sha256(new TextEncoder().encode(text)))));
  for (const { namedCurve, hash, scalarBytes } of CURVES) {
    const key = await importKey(spki, { name: "ECDSA", namedCurve });
    if (!key) continue;
    return {
      hints,
      pem: own,
      verify: async (signature, message) => {
        const raw = derToRaw(signature, scalarBytes);
        return raw !== null && crypto.subtle.verify({ name: "ECDSA", hash }, key, raw, message);
      },
    };
  }
  if (!(await importKey(spki, { name: "Ed25519" }))) return null;
  const publicKey = spki.subarray(-ED25519_KEY_BYTES);
  return {
    hints,
    pem: own,
    verify: (signature, message) => verifyByWebCrypto(publicKey, message, signature),
  };
}

/** The PEM text that OpenSSL and everybody after it writes. */
export function pemOf(spki: Uint8Array): string {
  const lines = encodeBase64(spki).match(/.{1,64}/g) ?? [];
  return `-----BEGIN PUBLIC KEY-----\n${lines.join("\n")}\n-----END PUBLIC KEY-----\n`;
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
