import { dealRecordStatement } from "@/lib/statements/deal-record";
import { canonicalJson } from "@/lib/shared/jcs";
import {
  DEAL_RECORD_PREDICATE,
  type DealRecordPredicate,
  dealRecordPredicateSchema,
} from "@/lib/statements/kinds/deal-record";
import { type Statement, statementBytes } from "@/lib/statements/statement";
import { refuseUnless } from "@/lib/shared/domain-error";

export type SignatureFacts = {
  record: DealRecordPredicate["record"];
  /** A deal's id, or a standing offer's. */
  subjectId: string;
  party: "buyer" | "seller" | "platform";
  accountId: string;
  /** Null: signed by a key of a device. */
  sessionId: string | null;
  termsSha256: string;
  modelDigest: string | null;
  saltHex: string;
};

/** The statement a party signs about the digest of the terms; neither price nor name is in it. */
export function signatureStatement(facts: SignatureFacts, at: Date): Statement<DealRecordPredicate> {
  const { record, subjectId, party, accountId, sessionId, termsSha256, modelDigest, saltHex } = facts;
  return dealRecordStatement({
    record,
    deal: subjectId,
    party,
    account: accountId,
    agreedBy: sessionId === null ? { method: "device_key" } : { method: "session", session: sessionId },
    termsSha256,
    modelDigest,
    saltHex,
    at,
  });
}

/** The bytes to sign. */
export function signatureBytes(facts: SignatureFacts, at: Date): Uint8Array<ArrayBuffer> {
  return statementBytes(signatureStatement(facts, at));
}

/**
 * The statement that arrived signed says what this party was asked to sign, whenever it says it was signed.
 * Throws `signed_something_else`.
 */
export function requireSignedThis(statement: Statement, facts: SignatureFacts): void {
  const { predicate } = statement as Statement<DealRecordPredicate>;
  const at = statement.predicateType === DEAL_RECORD_PREDICATE ? new Date(predicate.at) : null;
  refuseUnless(
    at !== null &&
      !Number.isNaN(at.getTime()) &&
      canonicalJson(statement) === canonicalJson(signatureStatement(facts, at)),
    "signed_something_else",
    "The signature is about other terms than the ones shown. Reload the page and sign again.",
  );
}

/** Whether a statement is the record of exactly this step, with whichever key or session it was agreed to, and whenever. */
export function recordsStep(statement: Statement, facts: Omit<SignatureFacts, "sessionId">): boolean {
  const predicate = dealRecordPredicateSchema.safeParse(statement.predicate);
  if (!predicate.success) return false;
  const { agreedBy, at } = predicate.data;
  const sessionId = agreedBy.method === "session" ? agreedBy.session : null;
  return (
    canonicalJson(statement) === canonicalJson(signatureStatement({ ...facts, sessionId }, new Date(at)))
  );
}
