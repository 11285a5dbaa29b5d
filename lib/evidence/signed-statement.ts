import { DomainError } from "@/lib/shared/domain-error";
import { liesAhead } from "@/lib/statements/sense";
import { type SenseFault, isSenseFault, senseMessages } from "@/lib/statements/sense-fault";
import type { Statement } from "@/lib/statements/statement";
import { verifyEnvelope } from "@/lib/statements/verify-envelope";

/**
 * The statement of an envelope that this key signed, of a known kind and form and without contradiction. Throws
 * `envelope_refused` with the reason in words, `predicate_unknown`, `statement_malformed`, or the code of what makes no
 * sense (`SenseFault`).
 */
export async function requireSignedStatement(envelopeText: string, spki: Uint8Array): Promise<Statement> {
  const check = await verifyEnvelope(envelopeText, { trustedKeys: [spki] });
  if (check.state === "verified") return check.statement;
  const { reason, message } = check;
  if (reason === "kind_unknown") throw new DomainError("predicate_unknown", message);
  if (reason === "statement_malformed") throw new DomainError("statement_malformed", message);
  if (isSenseFault(reason)) throw senseless(reason);
  throw new DomainError("envelope_refused", message);
}

/** Refuses (`date_ahead`) what names as past a time that has not come: the log has it from now on. */
export function requirePast(statement: Statement, now: Date): void {
  if (liesAhead(statement, now)) throw senseless("date_ahead");
}

function senseless(fault: SenseFault): DomainError {
  return new DomainError(fault, senseMessages[fault]);
}
