import { base64, base64nopad, base64urlnopad, hex } from "@scure/base";

/** Lowercase hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  return hex.encode(bytes);
}

/** Standard base64 with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  return base64.encode(bytes);
}

/**
 * Decodes standard or URL-safe base64, padded or not; null for anything else, including stray characters,
 * a mixture of the two alphabets and non-zero bits after the last byte.
 */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> | null {
  const digits = text.replace(/={1,2}$/, "");
  if (digits.length !== text.length && text.length % 4 !== 0) return null;
  const alphabet = /[-_]/.test(digits) ? base64urlnopad : base64nopad;
  try {
    return Uint8Array.from(alphabet.decode(digits));
  } catch {
    return null;
  }
}
