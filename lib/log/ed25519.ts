import { toHex } from "@/lib/shared/encoding";

/**
 * Checks an Ed25519 signature with a raw 32-byte public key. Answers false for anything malformed, and where key or
 * signature is a point of low order; never throws.
 */
export type VerifyEd25519 = (
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
) => boolean | Promise<boolean>;

/** Signs with one Ed25519 key; Ed25519 gives the same 64 bytes for the same message every time. */
export type SignEd25519 = (message: Uint8Array) => Uint8Array | Promise<Uint8Array>;

export const ED25519_KEY_BYTES = 32;
export const ED25519_SIGNATURE_BYTES = 64;

const SPKI_HEAD = Uint8Array.of(0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00);

/** A raw public key as SPKI DER (RFC 8410). */
export function ed25519Spki(publicKey: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([...SPKI_HEAD, ...publicKey]);
}

/** The y-coordinates of the eight points of low order, in each of their spellings. */
const LOW_ORDER = new Set([
  "00".repeat(32),
  `01${"00".repeat(31)}`,
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  `ec${"ff".repeat(30)}7f`,
  `ed${"ff".repeat(30)}7f`,
  `ee${"ff".repeat(30)}7f`,
]);

/**
 * Whether key or first half of a signature is a point of low order. One signature under such a key holds for many
 * texts, and runtimes differ on them: OpenSSL 3.5 rejects what BoringSSL accepts.
 */
export function hasLowOrderPoint(publicKey: Uint8Array, signature: Uint8Array): boolean {
  return [publicKey, signature.subarray(0, ED25519_KEY_BYTES)].some((point) => {
    const coordinate = Uint8Array.from(point);
    // The highest bit is the sign of x.
    coordinate[ED25519_KEY_BYTES - 1]! &= 0x7f;
    return LOW_ORDER.has(toHex(coordinate));
  });
}

/** The check by WebCrypto, in Node and in browsers that know Ed25519; false where the browser does not. */
export async function verifyByWebCrypto(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (hasLowOrderPoint(publicKey, signature)) return false;
  try {
    const key = await crypto.subtle.importKey("raw", Uint8Array.from(publicKey), "Ed25519", false, [
      "verify",
    ]);
    return await crypto.subtle.verify("Ed25519", key, Uint8Array.from(signature), Uint8Array.from(message));
  } catch {
    return false;
  }
}

/** Whether this runtime can check Ed25519 signatures at all: a missing ability must not read as a forgery. */
export async function canVerifyEd25519(): Promise<boolean> {
  try {
    // The base point is a valid public key everywhere.
    const point = Uint8Array.from({ length: ED25519_KEY_BYTES }, (_, at) => (at === 0 ? 0x58 : 0x66));
    await crypto.subtle.importKey("raw", point, "Ed25519", false, ["verify"]);
    return true;
  } catch {
    return false;
  }
}
