import canonicalize from "canonicalize";

/** What may be canonicalised here: no fractions, so that no two programs can print a number differently. */
export type CanonicalValue =
  string | boolean | number | null | readonly CanonicalValue[] | { readonly [key: string]: CanonicalValue };

/** The value holds something that has no single canonical form here. */
export class NotCanonicalError extends Error {
  constructor(
    readonly path: string,
    what: string,
  ) {
    super(`${path} is ${what}, which has no canonical form here.`);
    this.name = "NotCanonicalError";
  }
}

const MAX_DEPTH = 64;

/**
 * RFC 8785 text of a value made of strings, booleans, safe integers, null, arrays and plain objects.
 *
 * Throws NotCanonicalError for anything else: fractions, −0, numbers beyond 2^53, undefined, dates, lone
 * surrogates, cycles or nesting deeper than 64.
 */
export function canonicalJson(value: unknown): string {
  assertCanonical(value, "$", 0);
  const text = canonicalize(value);
  if (text === undefined) throw new NotCanonicalError("$", "nothing");
  return text;
}

/** The UTF-8 bytes of {@link canonicalJson}. */
export function canonicalBytes(value: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(canonicalJson(value));
}

function assertCanonical(value: unknown, path: string, depth: number): asserts value is CanonicalValue {
  if (depth > MAX_DEPTH) throw new NotCanonicalError(path, "nested too deeply");
  if (value === null || typeof value === "boolean") return;
  if (typeof value === "string") return assertText(value, path);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value) || Object.is(value, -0))
      throw new NotCanonicalError(path, `the number ${value}`);
    return;
  }
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++)
      assertCanonical(value[index], `${path}[${index}]`, depth + 1);
    return;
  }
  if (typeof value !== "object") throw new NotCanonicalError(path, `of type ${typeof value}`);
  const prototype: unknown = Object.getPrototypeOf(value);
  if ((prototype !== Object.prototype && prototype !== null) || "toJSON" in value) {
    throw new NotCanonicalError(path, "not a plain object");
  }
  for (const [key, member] of Object.entries(value)) {
    assertText(key, `${path} key`);
    assertCanonical(member, `${path}.${key}`, depth + 1);
  }
}

function assertText(text: string, path: string): void {
  if (/\p{Surrogate}/u.test(text)) throw new NotCanonicalError(path, "text with a lone surrogate");
}
