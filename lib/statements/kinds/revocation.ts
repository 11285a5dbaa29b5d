import { z } from "zod";
import { type Sentence, date, digest, sentence, strong } from "../sentence";
import { type Statement, makeStatement, predicateTypeOf } from "../statement";
import { agreementFacts } from "./claim-sentence";
import { agreedBy, instant, prose, sha256, shortText } from "./field";
import { statementKind } from "./kind";

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
  predicateType: predicateTypeOf("revocation"),
  title: "Withdrawal",
  schema: revocationPredicateSchema,
  doesNotProve: [
    "that what was withdrawn was false: it shows that its signer no longer stands by it",
    "anything about statements by others",
  ],
  speakerOf: ({ signer, agreedBy: agreed }) =>
    signer.role === "platform"
      ? { by: "platform" }
      : { by: "account", accountId: signer.account, agreedBy: agreed?.method ?? "device_key" },
  sentencesOf: ({ predicate }, signerName) => ({
    headline: sentence(
      "Signed by ",
      strong(signerName),
      " on ",
      date(predicate.at),
      ": the earlier statement (",
      digest(predicate.withdraws),
      ") is withdrawn.",
    ),
    facts: [...reasonFacts(predicate.reason), ...agreementFacts(predicate.agreedBy)],
  }),
  withdrawnEnvelopeOf: ({ withdraws }) => withdraws,
});

function reasonFacts(reason: string): Sentence[] {
  return [sentence(reason === "" ? "No reason is given." : `Reason: ${reason}`)];
}

/**
 * The statement that takes an envelope back. Its subjects are the envelope and what the withdrawn statement was about,
 * so that whoever looks for the one finds the other.
 */
export function revocationStatement(
  predicate: RevocationPredicate,
  withdrawnSubjects: readonly string[],
): Statement<RevocationPredicate> {
  const others = withdrawnSubjects.map((hex) => ({
    name: "subject of the withdrawn statement",
    sha256: hex,
  }));
  const subjects = [{ name: "envelope", sha256: predicate.withdraws }, ...others];
  return makeStatement(revocationKind.predicateType, subjects, predicate);
}
