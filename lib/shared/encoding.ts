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

/** Nothing of ours nests so deep; what does would end a function that walks it. */
export const MAX_JSON_DEPTH = 64;

const [QUOTE, BACKSLASH] = [0x22, 0x5c];

/** How deep a JSON text nests, and about how many values it holds: one pass, before anything is made of it. */
export function measureJson(text: string): { depth: number; values: number } {
  let open = 0;
  let depth = 0;
  let values = 1;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      for (at += 1; at < text.length && text.charCodeAt(at) !== QUOTE; at++)
        if (text.charCodeAt(at) === BACKSLASH) at += 1;
    } else if (code === 0x5b || code === 0x7b) {
      open += 1;
      values += 1;
      if (open > depth) depth = open;
    } else if (code === 0x5d || code === 0x7d) open -= 1;
    else if (code === 0x2c) values += 1;
  }
  return { depth, values };
}

/** What a text says in JSON; undefined for a text that is none, or nests more than 64 deep. */
export function parseJson(text: string): unknown {
  if (measureJson(text).depth > MAX_JSON_DEPTH) return undefined;
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
