import { z } from "zod";
import { type Sentence, digest, sentence } from "../sentence";
import { type Statement, makeStatement, subjectsOfEnvelope } from "../statement";
import { agreementFacts } from "./claim-sentence";
import { agreedBy, instant, prose, sha256, shortText } from "./field";
import { byRole, statementKind } from "./kind";

const revocationPredicateSchema = z.object({
  signer: z.object({ role: z.enum(["platform", "account"]), account: shortText }),
  agreedBy: agreedBy.optional(),
  /** The envelope that is taken back; it stays in the log. */
  withdraws: sha256,
  reason: prose,
  at: instant,
});
export type RevocationPredicate = z.infer<typeof revocationPredicateSchema>;

/** Its signer takes an earlier statement back. Both stay in the log, and pages show both. */
export const revocationKind = statementKind({
  name: "revocation",
  title: "Withdrawal",
  schema: revocationPredicateSchema,
  doesNotProve: [
    "that what was withdrawn was false: it shows that its signer no longer stands by it",
    "anything about statements by others",
  ],
  speakerOf: ({ signer, agreedBy }) => byRole(signer, agreedBy),
  capacityOf: ({ withdraws }) => ({ as: "withdrawer", named: withdraws }),
  saidAt: ({ at }) => at,
  sentencesOf: ({ predicate }) => ({
    headline: sentence(": the earlier statement (", digest(predicate.withdraws), ") is withdrawn."),
    facts: [...reasonFacts(predicate.reason), ...agreementFacts(predicate.agreedBy)],
  }),
  withdrawnEnvelopeOf: ({ withdraws }) => withdraws,
});

function reasonFacts(reason: string): Sentence[] {
  return [sentence(reason === "" ? "No reason is given." : `Reason: ${reason}`)];
}

/** The statement that takes an envelope back; it is about what the withdrawn statement was about too. */
export function revocationStatement(
  predicate: RevocationPredicate,
  withdrawnSubjects: readonly string[],
): Statement<RevocationPredicate> {
  const subjects = subjectsOfEnvelope(
    predicate.withdraws,
    withdrawnSubjects,
    "subject of the withdrawn statement",
  );
  return makeStatement(revocationKind.predicateType, subjects, predicate);
}
