import { z } from "zod";
import { date, digest, sentence, strong } from "../sentence";
import { type Statement, makeStatement, predicateTypeOf, saltedCommitment } from "../statement";
import { instant, sha256, shortText } from "./field";
import { statementKind } from "./kind";

const rulingPredicateSchema = z.object({
  deal: shortText,
  dispute: shortText,
  /** The account that decided, by the platform's rules. */
  moderator: shortText,
  outcome: z.enum(["release", "refund", "split"]),
  /** Amounts and reasons, each with a salt that the parties hold. */
  commitments: z.array(z.object({ of: z.enum(["amounts", "rationale"]), sha256 })).max(10),
  at: instant,
});
export type RulingPredicate = z.infer<typeof rulingPredicateSchema>;

const outcomes = {
  release: "everything goes to the seller's side",
  refund: "everything goes back to the buyer",
  split: "both sides get a part",
} as const;

/** How the platform settled a dispute. Amounts and reasons stand in it as salted digests only. */
export const rulingKind = statementKind({
  name: "ruling",
  predicateType: predicateTypeOf("ruling"),
  title: "Ruling",
  schema: rulingPredicateSchema,
  doesNotProve: [
    "how much was paid to whom, or why: amounts and reasons appear only as salted digests, which the parties can open",
    "what a court would decide",
  ],
  speakerOf: () => ({ by: "platform" }),
  sentencesOf: ({ predicate, subject }, signerName) => ({
    headline: sentence(
      "Signed by ",
      strong(signerName),
      " on ",
      date(predicate.at),
      ": a dispute was settled by ruling, and ",
      strong(outcomes[predicate.outcome]),
      ".",
    ),
    facts: [sentence("The terms of the deal have the digest ", digest(subject[0]?.digest.sha256 ?? ""), ".")],
  }),
  isAdverse: ({ outcome }) => outcome !== "release",
});

export type RulingInput = Pick<RulingPredicate, "deal" | "dispute" | "moderator" | "outcome"> & {
  buyerMinor: bigint;
  sellerMinor: bigint;
  currency: string;
  rationale: string;
  /** Digest of the deal's terms, the statement's first subject. */
  termsSha256: string;
  /** Present when the deal is about files that have one. */
  modelDigest: string | null;
  /** 64 hex digits, which the parties keep to open the commitments. */
  saltHex: string;
  at: Date;
};

/** The statement the platform signs about a ruling: the outcome in words, amounts and reasons as salted digests. */
export function rulingStatement(input: RulingInput): Statement<RulingPredicate> {
  const { buyerMinor, sellerMinor, currency, rationale, saltHex, termsSha256, modelDigest } = input;
  const amounts = { buyerMinor: String(buyerMinor), sellerMinor: String(sellerMinor), currency };
  const predicate: RulingPredicate = {
    deal: input.deal,
    dispute: input.dispute,
    moderator: input.moderator,
    outcome: input.outcome,
    commitments: [
      { of: "amounts", sha256: saltedCommitment(amounts, saltHex) },
      { of: "rationale", sha256: saltedCommitment(rationale, saltHex) },
    ],
    at: input.at.toISOString(),
  };
  const model = modelDigest === null ? [] : [{ name: "model", sha256: modelDigest }];
  const subjects = [{ name: "terms", sha256: termsSha256 }, ...model];
  return makeStatement(rulingKind.predicateType, subjects, predicate);
}
