import { z } from "zod";
import { date, digest, sentence, strong } from "../sentence";
import { MAX_SUBJECTS, type Statement, makeStatement, predicateTypeOf } from "../statement";
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
  predicateType: predicateTypeOf("tombstone"),
  title: "Erasure",
  schema: tombstonePredicateSchema,
  doesNotProve: [
    "what the erased statement said",
    "that the law demanded it: the ground is the platform's own word",
  ],
  speakerOf: () => ({ by: "platform" }),
  sentencesOf: ({ predicate }, signerName) => ({
    headline: sentence(
      "Signed by ",
      strong(signerName),
      " on ",
      date(predicate.at),
      ": the text of a statement (",
      digest(predicate.envelope),
      ") was erased. Its entry in the log stays.",
    ),
    facts: [sentence(`Ground: ${predicate.ground}`), sentence(`Reason: ${predicate.reason}`)],
  }),
});

/**
 * The statement the platform signs about an erasure; it keeps the subjects, so that a count can still name it. Where
 * they would be more than a statement takes, the last ones are left out.
 */
export function tombstoneStatement(
  predicate: TombstonePredicate,
  erasedSubjects: readonly string[],
): Statement<TombstonePredicate> {
  const others = erasedSubjects
    .slice(0, MAX_SUBJECTS - 1)
    .map((hex) => ({ name: "subject of the erased statement", sha256: hex }));
  const subjects = [{ name: "envelope", sha256: predicate.envelope }, ...others];
  return makeStatement(tombstoneKind.predicateType, subjects, predicate);
}
