import { z } from "zod";
import { digest, sentence } from "../sentence";
import { type Statement, makeStatement, subjectsOfEnvelope } from "../statement";
import { instant, prose, sha256, shortText } from "./field";
import { statementKind } from "./kind";

const tombstonePredicateSchema = z.object({
  /** The address of the envelope whose text was erased. */
  envelope: sha256,
  /** Its entry in the log, which stays, with its proofs. */
  leafHash: sha256,
  /** What kind of statement it was. */
  predicateType: z.string().max(500),
  /** The ground in law, for example "Art. 17 GDPR". */
  ground: shortText,
  reason: prose,
  at: instant,
});
export type TombstonePredicate = z.infer<typeof tombstonePredicateSchema>;

/** Says that the text of a statement was erased by law, and why. */
export const tombstoneKind = statementKind({
  name: "tombstone",
  title: "Erasure",
  schema: tombstonePredicateSchema,
  doesNotProve: [
    "what the erased statement said",
    "that the law demanded it: the ground is the platform's own word",
  ],
  speakerOf: () => ({ by: "platform" }),
  saidAt: ({ at }) => at,
  faultOf: ({ predicate: { envelope }, subject }) =>
    subject.some(({ digest: { sha256: hex } }) => hex === envelope) ? null : "subject_differs",
  sentencesOf: ({ predicate }) => ({
    headline: sentence(
      ": the text of a statement (",
      digest(predicate.envelope),
      ") was erased. Its entry in the log stays.",
    ),
    facts: [sentence(`Ground: ${predicate.ground}`), sentence(`Reason: ${predicate.reason}`)],
  }),
});

/** The statement the platform signs about an erasure; it keeps the subjects, so that a count can still name it. */
export function tombstoneStatement(
  predicate: TombstonePredicate,
  erasedSubjects: readonly string[],
): Statement<TombstonePredicate> {
  const subjects = subjectsOfEnvelope(predicate.envelope, erasedSubjects, "subject of the erased statement");
  return makeStatement(tombstoneKind.predicateType, subjects, predicate);
}
