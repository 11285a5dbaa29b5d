import { base64, base64nopad, base64urlnopad, hex } from "@scure/base";
import { isObject } from "./is-object";

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

/** UTF-8 bytes as text; null when they are not UTF-8. A byte order mark stays, so that bytes and text agree. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** What a text says in JSON; undefined for a text that is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The same of a text that is to hold an object with members; null for anything else. */
export function parseRecord(text: string): Record<string, unknown> | null {
  const value = parseJson(text);
  return isObject(value) ? value : null;
}
