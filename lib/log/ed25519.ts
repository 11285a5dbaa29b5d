/** Checks an Ed25519 signature with a raw 32-byte public key. Answers false for anything malformed; never throws. */
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

/** The check by WebCrypto, in Node and in browsers that know Ed25519; false where the browser does not. */
export async function verifyByWebCrypto(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
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
