import { DomainError } from "@/lib/shared/domain-error";
import { liesAhead } from "@/lib/statements/sense";
import { type SenseFault, isSenseFault, senseMessages } from "@/lib/statements/sense-fault";
import type { Statement } from "@/lib/statements/statement";
import {
  type EnvelopeRefusal,
  envelopeMessages,
  verifySignature,
  verifyStatement,
} from "@/lib/statements/verify-envelope";

/** The bytes of an envelope that this key signed; nothing of them is read. Throws `envelope_refused`. */
export async function requireSignedBytes(envelopeText: string, spki: Uint8Array): Promise<Uint8Array> {
  const check = await verifySignature(envelopeText, { trustedKeys: [spki] });
  if (check.state !== "verified") throw refusalOf(check.reason);
  return check.payload;
}

/**
 * The statement in bytes whose signature holds, of a known kind and form and without contradiction: that is worked out
 * anew, and takes the longer the more of it there is. Throws `envelope_refused` with the reason in words,
 * `predicate_unknown`, `statement_malformed`, or the code of what makes no sense (`SenseFault`).
 */
export function requireStatement(payload: Uint8Array): Statement {
  const check = verifyStatement(payload, {});
  if (check.state !== "verified") throw refusalOf(check.reason);
  return check.statement;
}

/** Both: the statement of an envelope that this key signed. Throws what they throw. */
export async function requireSignedStatement(envelopeText: string, spki: Uint8Array): Promise<Statement> {
  return requireStatement(await requireSignedBytes(envelopeText, spki));
}

/** Refuses (`date_ahead`) what names as past a time that has not come: the log has it from now on. */
export function requirePast(statement: Statement, now: Date): void {
  if (liesAhead(statement, now)) throw senseless("date_ahead");
}

function refusalOf(reason: EnvelopeRefusal): DomainError {
  const message = envelopeMessages[reason];
  if (reason === "kind_unknown") return new DomainError("predicate_unknown", message);
  if (reason === "statement_malformed") return new DomainError("statement_malformed", message);
  return isSenseFault(reason) ? senseless(reason) : new DomainError("envelope_refused", message);
}

function senseless(fault: SenseFault): DomainError {
  return new DomainError(fault, senseMessages[fault]);
}
