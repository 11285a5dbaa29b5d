import { sha256 } from "@noble/hashes/sha2.js";
import {
  IN_TOTO_PAYLOAD_TYPE,
  MAX_ENVELOPE_CHARACTERS,
  checkSignatures,
  importPublicKey,
  readEnvelope,
} from "./dsse";
import { decodeBase64, toHex } from "@/lib/shared/encoding";
import { type Statement, readStatement } from "./statement";

/** Why an envelope proves nothing. Each means one thing only, so that a reader learns what to do. */
export type FailedReason =
  | "envelope_changed"
  | "envelope_malformed"
  | "untrusted_key"
  | "forged"
  | "too_few_signers"
  | "statement_malformed"
  | "other_predicate"
  | "other_subject";

/** Why nothing can be said here, for or against. */
export type CannotCheckReason =
  "no_crypto" | "no_keys" | "unsupported_key" | "unsupported_payload_type" | "too_large";

export type EnvelopeCheck =
  | { state: "verified"; statement: Statement; signedBy: string[]; payloadSha256: string }
  | { state: "failed"; reason: FailedReason; message: string }
  | { state: "cannot_check"; reason: CannotCheckReason; message: string };

export type EnvelopeExpectation = {
  /** SPKI DER of the P-256 keys listed for the claimed signer. */
  trustedKeys: readonly Uint8Array[];
  /** Distinct trusted keys that must have signed; 1 unless named. */
  threshold?: number;
  /** Hex SHA-256 the envelope's own bytes are stored under. */
  envelopeSha256?: string;
  predicateType?: string;
  /** Hex SHA-256 that must be among the subjects, for example a modelDigest. */
  subjectSha256?: string;
};

const failedMessages: Record<FailedReason, string> = {
  envelope_changed: "These are not the bytes that were recorded: their digest differs.",
  envelope_malformed: "This is not a DSSE envelope.",
  untrusted_key: "No key listed for this signer made the signature.",
  forged:
    "The signature names a listed key and does not match: the statement was changed or the signature made up.",
  too_few_signers: "Fewer listed keys signed than are required.",
  statement_malformed: "What was signed is not an in-toto statement.",
  other_predicate: "What was signed is a statement of another kind.",
  other_subject: "The statement is about other files.",
};

const cannotCheckMessages: Record<CannotCheckReason, string> = {
  no_crypto:
    "This browser offers no cryptography here; open the page over HTTPS, or check from the command line.",
  no_keys: "No key is listed for this signer.",
  unsupported_key:
    "The key listed for this signer is of a kind that cannot be checked here (ECDSA P-256 can).",
  unsupported_payload_type: "The envelope holds something other than an in-toto statement.",
  too_large: "The envelope is too large to be checked here.",
};

/**
 * Checks an envelope from its exact text: digest, shape, signatures, statement, kind, subject, in this order.
 *
 * The statement returned was parsed from the bytes whose signature holds. What it says may still be false: a
 * signature shows who said it, not that it is so. Needs WebCrypto; runs alike in Node and in a browser and
 * never throws.
 */
export async function verifyEnvelope(text: string, expected: EnvelopeExpectation): Promise<EnvelopeCheck> {
  if (typeof globalThis.crypto?.subtle === "undefined") return cannotCheck("no_crypto");
  if (expected.trustedKeys.length === 0) return cannotCheck("no_keys");
  if (text.length > MAX_ENVELOPE_CHARACTERS) return cannotCheck("too_large");
  if (expected.envelopeSha256 !== undefined && hexDigest(text) !== expected.envelopeSha256) {
    return failed("envelope_changed");
  }
  const envelope = readEnvelope(text);
  const payload = envelope && decodeBase64(envelope.payload);
  if (!envelope || !payload) return failed("envelope_malformed");
  if (envelope.payloadType !== IN_TOTO_PAYLOAD_TYPE) return cannotCheck("unsupported_payload_type");
  const imported = await Promise.all(expected.trustedKeys.map(importPublicKey));
  if (imported.every((key) => key === null)) return cannotCheck("unsupported_key");

  const { signedBy, hasForgery, hasUnreadable } = await checkSignatures(
    envelope,
    payload,
    expected.trustedKeys,
  );
  if (hasForgery) return failed("forged");
  if (signedBy.length === 0) return failed(hasUnreadable ? "envelope_malformed" : "untrusted_key");
  if (signedBy.length < (expected.threshold ?? 1)) return failed("too_few_signers");

  const statement = readStatement(payload);
  if (!statement) return failed("statement_malformed");
  if (expected.predicateType !== undefined && statement.predicateType !== expected.predicateType) {
    return failed("other_predicate");
  }
  const { subjectSha256 } = expected;
  if (
    subjectSha256 !== undefined &&
    !statement.subject.some(({ digest }) => digest.sha256 === subjectSha256)
  ) {
    return failed("other_subject");
  }
  return { state: "verified", statement, signedBy, payloadSha256: toHex(sha256(payload)) };
}

/** Lowercase hex SHA-256 of a text's UTF-8 bytes: what an envelope is stored under. */
export function hexDigest(text: string): string {
  return toHex(sha256(new TextEncoder().encode(text)));
}

/** Lowercase hex SHA-256 of bytes. */
export function digestOfBytes(bytes: Uint8Array): string {
  return toHex(sha256(bytes));
}

function failed(reason: FailedReason): EnvelopeCheck {
  return { state: "failed", reason, message: failedMessages[reason] };
}

function cannotCheck(reason: CannotCheckReason): EnvelopeCheck {
  return { state: "cannot_check", reason, message: cannotCheckMessages[reason] };
}
