import { isObject } from "@/lib/shared/is-object";
import { canonicalJson } from "@/lib/shared/jcs";

/** Longer values are compared and not repeated. */
const SHOWN_CHARACTERS = 100;

/** Made anew at every attempt, over what the other fields say. */
const SIGNATURE = /^(proof|signature)$/;

const SECRET = /password|token|code|secret|proof|details|signature|envelope|spki|request/i;

/**
 * The text by which a field of a form is compared with the same field sent before. A signed statement is what it says: a
 * signature made anew over the same words is the same answer.
 */
export function comparedText(name: string, value: unknown): string {
  if (SIGNATURE.test(name)) return "a signature";
  return typeof value === "string"
    ? (withoutSignatures(value) ?? `text ${value}`)
    : canonicalJson(plain(value));
}

/** What may be repeated of a field in a sentence: short text that is no secret. Null for all else. */
export function shownText(name: string, value: unknown): string | null {
  const isShort = typeof value === "string" && value.length <= SHOWN_CHARACTERS;
  const text = isShort || typeof value === "number" ? String(value) : null;
  return SECRET.test(name) ? null : text;
}

/** Values as a schema hands them on, made of what has one canonical form. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Date) return value.toISOString();
  if (isObject(value)) {
    const kept = Object.entries(value).filter(([, member]) => member !== undefined);
    return Object.fromEntries(kept.map(([name, member]) => [name, plain(member)]));
  }
  if (typeof value === "bigint" || typeof value === "number") return `number ${value}`;
  return value;
}

function withoutSignatures(text: string): string | null {
  if (!/^\s*[[{]/.test(text) || !text.includes("payloadType")) return null;
  try {
    const read: unknown = JSON.parse(text);
    return canonicalJson((Array.isArray(read) ? read : [read]).map(payloadOf));
  } catch {
    return null;
  }
}

function payloadOf(value: unknown): unknown {
  const envelope: unknown = typeof value === "string" ? JSON.parse(value) : value;
  if (!isObject(envelope)) return envelope;
  const { signatures: _signatures, ...said } = envelope;
  return said;
}
