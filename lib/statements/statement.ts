import { sha256 } from "@noble/hashes/sha2.js";
import { decodeUtf8, parseRecord, toHex } from "@/lib/shared/encoding";
import { isObject } from "@/lib/shared/is-object";
import { canonicalBytes } from "@/lib/shared/jcs";

/** in-toto Statement v1. Subjects are matched by digest only; unknown fields are ignored. */
export type StatementSubject = { name?: string; digest: { sha256: string } };

export type Statement<Predicate = unknown> = {
  _type: typeof STATEMENT_TYPE;
  subject: StatementSubject[];
  predicateType: string;
  predicate: Predicate;
};

export const STATEMENT_TYPE = "https://in-toto.io/Statement/v1";

/** Statements larger than this are refused when they are submitted. */
export const MAX_STATEMENT_BYTES = 512 * 1024;

/** Subjects of one statement. */
export const MAX_SUBJECTS = 1_000;
const SHA256_HEX = /^[0-9a-f]{64}$/;

/** `https://offcut.example/predicates/<name>/v1`: the name is reserved, so nobody can own the address. */
export function predicateTypeOf(name: string): string {
  return `https://offcut.example/predicates/${name}/v1`;
}

export type Subject = { name?: string; sha256: string };

/**
 * The subjects of a statement about an earlier one: its envelope, then what that was about, so that whoever looks for
 * the one finds the other. Where they would be more than a statement takes, the last ones are left out.
 */
export function subjectsOfEnvelope(sha256: string, others: readonly string[], name: string): Subject[] {
  const room = others.slice(0, MAX_SUBJECTS - 1);
  return [{ name: "envelope", sha256 }, ...room.map((other) => ({ name, sha256: other }))];
}

/** Puts a predicate about these subjects into a statement. Throws a RangeError for a malformed subject digest. */
export function makeStatement<Predicate>(
  predicateType: string,
  subjects: readonly Subject[],
  predicate: Predicate,
): Statement<Predicate> {
  if (subjects.length === 0 || subjects.length > MAX_SUBJECTS)
    throw new RangeError("A statement has 1 to 1,000 subjects.");
  for (const { sha256: digest } of subjects) {
    if (!SHA256_HEX.test(digest)) throw new RangeError("A subject's digest is lowercase hex SHA-256.");
  }
  return {
    _type: STATEMENT_TYPE,
    subject: subjects.map(({ name, sha256: digest }) => ({
      ...(name === undefined ? {} : { name }),
      digest: { sha256: digest },
    })),
    predicateType,
    predicate,
  };
}

/** The bytes to sign: canonical JSON, so that two parties derive the same ones. Throws for fractions. */
export function statementBytes(statement: Statement): Uint8Array<ArrayBuffer> {
  const bytes = canonicalBytes(statement);
  if (bytes.length > MAX_STATEMENT_BYTES)
    throw new RangeError(`A statement has at most ${MAX_STATEMENT_BYTES} bytes.`);
  return bytes;
}

/** Reads a statement from the very bytes whose signature was checked; null unless it is an in-toto Statement v1. */
export function readStatement(bytes: Uint8Array): Statement | null {
  const value = parseRecord(decodeUtf8(bytes) ?? "");
  if (value?.["_type"] !== STATEMENT_TYPE) return null;
  const { subject, predicateType, predicate } = value;
  if (typeof predicateType !== "string" || !Array.isArray(subject)) return null;
  if (subject.length === 0 || subject.length > MAX_SUBJECTS) return null;
  const subjects: StatementSubject[] = [];
  for (const entry of subject as unknown[]) {
    const digest = isObject(entry) && isObject(entry["digest"]) ? entry["digest"]["sha256"] : undefined;
    const name = isObject(entry) ? entry["name"] : undefined;
    if (typeof digest !== "string" || !SHA256_HEX.test(digest)) return null;
    if (name !== undefined && typeof name !== "string") return null;
    subjects.push({ ...(name === undefined ? {} : { name }), digest: { sha256: digest } });
  }
  return { _type: STATEMENT_TYPE, subject: subjects, predicateType, predicate };
}

/**
 * A commitment to something with few possible values (a price, contract terms, labels): SHA-256 of the canonical
 * JSON of the value and a 256-bit salt, so that it cannot be found by trying. Throws a RangeError for a salt that
 * is not 64 lowercase hex digits, and NotCanonicalError for fractions.
 */
export function saltedCommitment(value: unknown, saltHex: string): string {
  if (!SHA256_HEX.test(saltHex)) throw new RangeError("A salt is 64 lowercase hex digits.");
  return toHex(sha256(canonicalBytes({ salt: saltHex, value })));
}
