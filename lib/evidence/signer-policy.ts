import { type KeyLife, keyIsValidAt, keyMaySign } from "@/lib/accounts/key";
import { DomainError, refuseUnless } from "@/lib/shared/domain-error";
import { kindOf } from "@/lib/statements/kinds";
import { type StatementSigner, isSpeakersKey } from "@/lib/statements/register";
import type { Statement } from "@/lib/statements/statement";

/**
 * Refuses a signature by somebody else than the one who speaks: an account's statement needs a key of that account,
 * the platform's own needs the platform's key, and only the platform may sign that an account agreed in a session.
 * What names nobody needs a key listed here that may sign statements.
 *
 * Throws `predicate_unknown` for a kind that is not kept here, `statement_malformed` when the content does not fit its
 * kind, and `signer_may_not`.
 */
export function requireSpeakersKey(statement: Statement, signer: StatementSigner): void {
  const kind = kindOf(statement.predicateType);
  if (!kind) throw new DomainError("predicate_unknown", "Statements of this kind are not kept here.");
  const speaker = kind.speakerOf(statement);
  if (!speaker || !kind.subjectsOf(statement)?.length) {
    throw new DomainError("statement_malformed", "What was signed does not have the form of its kind.");
  }
  if (!isSpeakersKey(speaker, signer) || !keyMaySign(signer.kind, "statement")) {
    throw new DomainError("signer_may_not", "The key that signed this may not speak for the one it names.");
  }
}

/** Refuses a key that is not listed here (`key_unknown`) or does not count at `now` (`key_not_in_force`). */
export function requireKeyInForce<Key extends Pick<KeyLife, "effectiveAt" | "revokedAt">>(
  key: Key | null,
  now: Date,
): asserts key is Key {
  refuseUnless(key, "key_unknown", "The key that signed this is not listed here.");
  refuseUnless(
    keyIsValidAt(key, now),
    "key_not_in_force",
    key.revokedAt ? "The key that signed this was revoked." : "The key that signed this is not in force yet.",
  );
}
