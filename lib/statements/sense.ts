import { decodeUtf8 } from "@/lib/shared/encoding";
import { jsonFaultOf } from "./json-sense";
import { kindOf } from "./kinds";
import type { SenseFault } from "./sense-fault";
import { type Statement, readStatement } from "./statement";

/** How far the clocks of honest people go wrong. */
export const CLOCK_SKEW_SECONDS = 300;

/** Why bytes that were signed are no statement that counts; `kind_unknown` says nothing against it. */
export type StatementFault = SenseFault | "statement_malformed" | "kind_unknown";

export type ReadStatement = { statement: Statement; fault: StatementFault | null };

/**
 * Reads the statement in the bytes that were signed, and whether it makes sense: every name once, every number and date
 * in its one form, and no two of its parts in contradiction, as far as one follows from the others. Null where they hold
 * no in-toto statement. The same at every entrance and in every verifier.
 *
 * `loggedBy` is a time at which the log had it, where one is known: nothing it names as past lies more than
 * five minutes after that.
 */
export function readSensibly(payload: Uint8Array, loggedBy: Date | null = null): ReadStatement | null {
  const statement = readStatement(payload);
  if (!statement) return null;
  const kind = kindOf(statement.predicateType);
  const fault =
    jsonFaultOf(decodeUtf8(payload) ?? "") ??
    (kind ? kind.faultOf(statement) : "kind_unknown") ??
    (liesAhead(statement, loggedBy) ? "date_ahead" : null);
  return { statement, fault };
}

/** Whether a statement names as past what lies after a time at which it stood in the log. */
export function liesAhead(statement: Statement, loggedBy: Date | null): boolean {
  if (loggedBy === null) return false;
  const latest = loggedBy.getTime() + CLOCK_SKEW_SECONDS * 1_000;
  return (kindOf(statement.predicateType)?.pastOf(statement) ?? []).some((at) => Date.parse(at) > latest);
}
