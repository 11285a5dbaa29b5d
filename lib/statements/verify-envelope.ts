import { sha256 } from "@noble/hashes/sha2.js";
import {
  type DsseEnvelope,
  IN_TOTO_PAYLOAD_TYPE,
  MAX_ENVELOPE_CHARACTERS,
  checkSignatures,
  importPublicKey,
  readEnvelope,
} from "./dsse";
import { decodeBase64, toHex } from "@/lib/shared/encoding";
import { readSensibly } from "./sense";
import { type SenseFault, senseMessages } from "./sense-fault";
import type { Statement } from "./statement";

/** Why the signature of an envelope proves nothing. Each means one thing only, so that a reader learns what to do. */
export type SignatureFailure =
  "envelope_changed" | "envelope_malformed" | "untrusted_key" | "forged" | "too_few_signers";

/** Why what was signed is not what it should be. */
export type StatementFailure = "statement_malformed" | "other_predicate" | "other_subject" | SenseFault;

/** Why nothing can be said here, for or against. */
type CannotCheckReason =
  "no_crypto" | "no_keys" | "unsupported_key" | "unsupported_payload_type" | "too_large" | "kind_unknown";

/** Why an envelope was not verified. */
export type EnvelopeRefusal = SignatureFailure | StatementFailure | CannotCheckReason;

type Failed<Reason> = { state: "failed"; reason: Reason };
type CannotCheck =
  | { state: "cannot_check"; reason: Exclude<CannotCheckReason, "unsupported_payload_type" | "kind_unknown"> }
  /** `signing`: what the signature says all the same of what is no statement. */
  | {
      state: "cannot_check";
      reason: "unsupported_payload_type";
      signing: "verified" | SignatureFailure;
    };

/** An envelope whose signature holds, with the bytes that were signed; parse these and no others. */
export type SignedEnvelope = {
  envelope: DsseEnvelope;
  payload: Uint8Array;
  payloadSha256: string;
  signedBy: string[];
};

export type SignatureCheck =
  ({ state: "verified" } & SignedEnvelope) | Failed<SignatureFailure> | CannotCheck;

export type StatementCheck =
  | { state: "verified"; statement: Statement }
  | Failed<StatementFailure>
  | { state: "cannot_check"; reason: "kind_unknown"; statement: Statement };

export type EnvelopeCheck =
  | { state: "verified"; statement: Statement; signedBy: string[]; payloadSha256: string }
  | { state: "failed"; reason: SignatureFailure | StatementFailure; message: string }
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
  /** A time at which the log had it: nothing it names as past lies after that. */
  loggedBy?: Date;
};

/** Each reason in a sentence. */
export const envelopeMessages: Record<EnvelopeRefusal, string> = {
  envelope_changed: "These are not the bytes that were recorded: their digest differs.",
  envelope_malformed: "This is not a DSSE envelope.",
  untrusted_key: "No key listed for this signer made the signature.",
  forged:
    "The signature names a listed key and does not match: the statement was changed or the signature made up.",
  too_few_signers: "Fewer listed keys signed than are required.",
  statement_malformed: "What was signed is not an in-toto statement in the form of its kind.",
  other_predicate: "What was signed is a statement of another kind.",
  other_subject: "The statement is about other files.",
  no_crypto:
    "This browser offers no cryptography here; open the page over HTTPS, or check from the command line.",
  no_keys: "No key is listed for this signer.",
  unsupported_key:
    "The key listed for this signer is of a kind that cannot be checked here (ECDSA P-256 can).",
  unsupported_payload_type: "The envelope holds something other than an in-toto statement.",
  too_large: "The envelope is too large to be checked here.",
  kind_unknown: "The statement is of a kind that is not known here.",
  ...senseMessages,
};

export function isEnvelopeCode(code: string): code is EnvelopeRefusal {
  return Object.hasOwn(envelopeMessages, code);
}

/**
 * Checks an envelope from its exact text: its signature, then its statement.
 *
 * The statement returned was parsed from the bytes whose signature holds. What it says may still be false: a
 * signature shows who said it, not that it is so. Needs WebCrypto; runs alike in Node and in a browser and
 * never throws.
 */
export async function verifyEnvelope(text: string, expected: EnvelopeExpectation): Promise<EnvelopeCheck> {
  const signed = await verifySignature(text, expected);
  if (signed.state === "failed") return { ...signed, message: envelopeMessages[signed.reason] };
  if (signed.state === "cannot_check") {
    const { state, reason } = signed;
    return { state, reason, message: envelopeMessages[reason] };
  }
  const said = verifyStatement(signed.payload, expected);
  if (said.state === "failed") return { ...said, message: envelopeMessages[said.reason] };
  if (said.state === "cannot_check") {
    const { state, reason } = said;
    return { state, reason, message: envelopeMessages[reason] };
  }
  const { signedBy, payloadSha256 } = signed;
  return { state: "verified", statement: said.statement, signedBy, payloadSha256 };
}

/** Digest, shape and signatures of an envelope, in this order; nothing of what was signed is read. Never throws. */
export async function verifySignature(
  text: string,
  expected: Pick<EnvelopeExpectation, "trustedKeys" | "threshold" | "envelopeSha256">,
): Promise<SignatureCheck> {
  if (typeof globalThis.crypto?.subtle === "undefined") return cannotCheck("no_crypto");
  if (expected.trustedKeys.length === 0) return cannotCheck("no_keys");
  if (text.length > MAX_ENVELOPE_CHARACTERS) return cannotCheck("too_large");
  if (expected.envelopeSha256 !== undefined && hexDigest(text) !== expected.envelopeSha256)
    return failed("envelope_changed");
  const envelope = readEnvelope(text);
  const payload = envelope && decodeBase64(envelope.payload);
  if (!envelope || !payload) return failed("envelope_malformed");
  const { signedBy, failure } = await checkSigners(envelope, payload, expected);
  if (envelope.payloadType !== IN_TOTO_PAYLOAD_TYPE)
    return { state: "cannot_check", reason: "unsupported_payload_type", signing: failure ?? "verified" };
  const imported = await Promise.all(expected.trustedKeys.map(importPublicKey));
  if (imported.every((key) => key === null)) return cannotCheck("unsupported_key");
  if (failure) return failed(failure);
  return { state: "verified", envelope, payload, payloadSha256: digestOfBytes(payload), signedBy };
}

async function checkSigners(
  envelope: DsseEnvelope,
  payload: Uint8Array,
  { trustedKeys, threshold = 1 }: Pick<EnvelopeExpectation, "trustedKeys" | "threshold">,
): Promise<{ signedBy: string[]; failure?: SignatureFailure }> {
  const { signedBy, hasForgery, hasUnreadable } = await checkSignatures(envelope, payload, trustedKeys);
  if (hasForgery) return { signedBy, failure: "forged" };
  if (signedBy.length === 0)
    return { signedBy, failure: hasUnreadable ? "envelope_malformed" : "untrusted_key" };
  return signedBy.length < threshold ? { signedBy, failure: "too_few_signers" } : { signedBy };
}

/** Form, kind, subject and sense of the statement in bytes whose signature holds. */
export function verifyStatement(
  payload: Uint8Array,
  { predicateType, subjectSha256, loggedBy }: Omit<EnvelopeExpectation, "trustedKeys" | "threshold">,
): StatementCheck {
  const read = readSensibly(payload, loggedBy);
  if (!read) return failed("statement_malformed");
  const { statement, fault } = read;
  if (predicateType !== undefined && statement.predicateType !== predicateType)
    return failed("other_predicate");
  const isAbout = statement.subject.some(({ digest }) => digest.sha256 === subjectSha256);
  if (subjectSha256 !== undefined && !isAbout) return failed("other_subject");
  if (fault === "kind_unknown") return { state: "cannot_check", reason: fault, statement };
  return fault === null ? { state: "verified", statement } : failed(fault);
}

/** Lowercase hex SHA-256 of a text's UTF-8 bytes: what an envelope is stored under. */
export function hexDigest(text: string): string {
  return toHex(sha256(new TextEncoder().encode(text)));
}

/** Lowercase hex SHA-256 of bytes. */
export function digestOfBytes(bytes: Uint8Array): string {
  return toHex(sha256(bytes));
}

function failed<Reason>(reason: Reason): Failed<Reason> {
  return { state: "failed", reason };
}

function cannotCheck(
  reason: Exclude<CannotCheckReason, "unsupported_payload_type" | "kind_unknown">,
): CannotCheck {
  return { state: "cannot_check", reason };
}
