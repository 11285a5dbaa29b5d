import { sha256 } from "@noble/hashes/sha2.js";
import { decodeBase64, toHex } from "@/lib/shared/encoding";

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
  const edwards = await importKey(spki, { name: "Ed25519" });
  if (!edwards) return null;
  return {
    hint,
    verify: (signature, message) =>
      crypto.subtle.verify({ name: "Ed25519" }, edwards, Uint8Array.from(signature), message),
  };
}

/** Raw r‖s of a strict DER ECDSA signature with scalars of at most `scalarBytes`; null for anything else. */
export function derToRaw(der: Uint8Array, scalarBytes: number): Bytes | null {
  const isLong = der[1] === 0x81;
  const start = isLong ? 3 : 2;
  const length = isLong ? der[2] : der[1];
  if (der[0] !== 0x30 || length === undefined || length !== der.length - start) return null;
  // The long form is only for lengths the short form cannot say.
  if (length >= 0x80 !== isLong) return null;
  const raw = new Uint8Array(2 * scalarBytes);
  const afterR = readScalar(der, start, raw.subarray(0, scalarBytes));
  if (afterR === null) return null;
  return readScalar(der, afterR, raw.subarray(scalarBytes)) === der.length ? raw : null;
}

function readScalar(der: Uint8Array, at: number, into: Uint8Array): number | null {
  const length = der[at + 1] ?? 0;
  const end = at + 2 + length;
  if (der[at] !== 0x02 || length === 0 || length >= 0x80 || end > der.length) return null;
  const digits = der.subarray(at + 2, end);
  const first = digits[0] ?? 0;
  const isPadded = first === 0 && length > 1;
  if (first >= 0x80 || (isPadded && (digits[1] ?? 0) < 0x80)) return null;
  const value = isPadded ? digits.subarray(1) : digits;
  if (value.length > into.length) return null;
  into.set(value, into.length - value.length);
  return end;
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
