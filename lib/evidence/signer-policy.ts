import type { KeyKind } from "@/lib/accounts/key";
import { keyMaySign } from "@/lib/accounts/key";
import { DomainError } from "@/lib/shared/domain-error";
import {
  type AgreedBy,
  DEAL_RECORD_PREDICATE,
  EVALUATION_PREDICATE,
  dealRecordPredicateSchema,
  evaluationPredicateSchema,
} from "./predicates";
import type { Statement } from "./statement";

/** Whose key made a signature. `accountId` is null for the platform's own. */
export type StatementSigner = { kind: KeyKind; accountId: string | null };

/** Who a statement says is speaking, and how they said so. */
export type Speaker = { accountId: string | null; agreedBy: AgreedBy["method"] };

/**
 * Reads who speaks in a statement of a kind kept here. Throws `predicate_unknown` for any other kind and
 * `statement_malformed` when its content does not fit its kind.
 */
export function speakerOf(statement: Statement): Speaker {
  switch (statement.predicateType) {
    case EVALUATION_PREDICATE: {
      const predicate = evaluationPredicateSchema.safeParse(statement.predicate);
      if (!predicate.success) throw malformed();
      const { evaluator, agreedBy } = predicate.data;
      return {
        accountId: evaluator.role === "platform" ? null : evaluator.account,
        agreedBy: agreedBy?.method ?? "device_key",
      };
    }
    case DEAL_RECORD_PREDICATE: {
      const predicate = dealRecordPredicateSchema.safeParse(statement.predicate);
      if (!predicate.success) throw malformed();
      const { party, account, agreedBy } = predicate.data;
      return { accountId: party === "platform" ? null : account, agreedBy: agreedBy.method };
    }
    default:
      throw new DomainError("predicate_unknown", "Statements of this kind are not kept here.");
  }
}

/**
 * Refuses a signature by somebody else than the one who speaks: an account's statement needs a key of that account,
 * the platform's own needs the platform's key, and only the platform may sign that an account agreed in a session.
 * Throws `signer_may_not` otherwise.
 */
export function requireSpeakersKey(statement: Statement, signer: StatementSigner): void {
  const speaker = speakerOf(statement);
  const isPlatformKey = signer.kind === "platform" && signer.accountId === null;
  const isRight =
    speaker.accountId === null || speaker.agreedBy === "session"
      ? isPlatformKey
      : !isPlatformKey && signer.accountId === speaker.accountId;
  if (!isRight || !keyMaySign(signer.kind, "statement")) {
    throw new DomainError("signer_may_not", "The key that signed this may not speak for the one it names.");
  }
}

function malformed(): DomainError {
  return new DomainError("statement_malformed", "What was signed does not have the form of its kind.");
}
