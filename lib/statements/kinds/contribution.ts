import { z } from "zod";
import { digest, percent, sentence, strong } from "../sentence";
import { agreementFacts, claimHeadline, replacementFacts } from "./claim-sentence";
import { claimFields, count, sha256, shortText } from "./field";
import { byAccount, claimant, statementKind } from "./kind";

/**
 * Who took part in making a model, as its seller states it, and the answer of who is named. A contributor without an
 * account is named by a salted digest of the name, so that no name of a person stands in the log.
 */
const contributionPredicateSchema = z.object({
  ...claimFields,
  stance: z.enum(["stated", "confirmed", "rejected"]),
  contributor: z.union([z.object({ account: shortText }), z.object({ nameCommitment: sha256 })]),
  contribution: shortText,
  /** Of the proceeds, in hundredths of a percent. */
  shareBasisPoints: count.max(10_000),
  /** The envelope of the claim that is answered; with "stated" there is none. */
  answers: sha256.optional(),
});
export type ContributionPredicate = z.infer<typeof contributionPredicateSchema>;

/** A contribution: stated by the seller, then confirmed or rejected by the contributor it names. */
export const contributionKind = statementKind({
  name: "contribution",
  title: "Contribution",
  schema: contributionPredicateSchema.refine(
    ({ stance, answers, contributor }) =>
      stance === "stated" ? answers === undefined : answers !== undefined && "account" in contributor,
    "An answer names the claim it answers and comes from an account.",
  ),
  doesNotProve: [
    "that the contributor agrees, unless they have confirmed it",
    "how much of the work was done by whom",
    "that nobody else took part",
  ],
  speakerOf: ({ stance, seller, contributor, agreedBy }) =>
    byAccount(stance !== "stated" && "account" in contributor ? contributor.account : seller, agreedBy),
  capacityOf: ({ answers, replaces }) =>
    answers === undefined ? claimant(replaces) : { as: "contributor", named: answers },
  saidAt: ({ statedAt }) => statedAt,
  sentencesOf: (statement) => {
    const { predicate } = statement;
    const { stance, contribution, answers = "", agreedBy, replaces } = predicate;
    const share = percent(String(predicate.shareBasisPoints / 10_000));
    const what = contribution === "" ? "contributed" : `contributed “${contribution}”`;
    const verb = strong(stance === "confirmed" ? "confirms" : "rejects");
    const rest = `) that they ${what} and take ${share} of the proceeds.`;
    return {
      headline:
        stance === "stated"
          ? claimHeadline(
              statement,
              whoIs(predicate),
              ` ${what} and takes `,
              strong(share),
              " of the proceeds.",
            )
          : sentence(": the contributor ", verb, " the claim (", digest(answers), rest),
      facts: [
        ...(stance === "stated" ? [sentence(confirmation(predicate))] : []),
        ...agreementFacts(agreedBy),
        ...replacementFacts(replaces),
      ],
    };
  },
  isAdverse: ({ stance }) => stance === "rejected",
});

function whoIs({ contributor, seller }: ContributionPredicate): string {
  if ("nameCommitment" in contributor)
    return "somebody without an account here, whose name is kept off the log,";
  return contributor.account === seller ? "the seller" : "another account";
}

function confirmation({ contributor, seller }: ContributionPredicate): string {
  if ("nameCommitment" in contributor) return "Nobody can confirm it here, so it stays unconfirmed.";
  return contributor.account === seller
    ? "The seller speaks of themselves, so nobody else has to confirm it."
    : "Unconfirmed until the contributor it names signs the same.";
}
