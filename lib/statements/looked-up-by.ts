import { answeredEnvelopeOf } from "./completeness";
import { subjectDigestsOf, withdrawnEnvelopeOf } from "./kinds";
import type { Statement } from "./statement";

/**
 * The digests by which a statement is found: of what it is about, and of the envelope that it takes back or answers.
 * Whoever counts statements from the whole log finds an answer by the envelope it names, so the index must as well.
 */
export function lookedUpBy(statement: Statement): string[] {
  const named = [withdrawnEnvelopeOf(statement), answeredEnvelopeOf(statement)];
  return [...new Set([...(subjectDigestsOf(statement) ?? []), ...named.filter((sha256) => sha256 !== null)])];
}
