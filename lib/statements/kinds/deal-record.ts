import { z } from "zod";
import { type SentencePart, digest, sentence } from "../sentence";
import { predicateTypeOf } from "../statement";
import { agreementFacts } from "./claim-sentence";
import { agreedBy, instant, sha256, shortText } from "./field";
import { byAccount, statementKind } from "./kind";

export const DEAL_RECORD_PREDICATE = predicateTypeOf("deal-record");

const dealRecordKinds = [
  "standing_offer",
  "contract",
  "delivery",
  "acceptance",
  "dispute",
  "ruling",
  "deletion",
] as const;

/** One step of a deal. Prices and terms appear only as salted commitments; people only as account ids. */
export const dealRecordPredicateSchema = z.object({
  record: z.enum(dealRecordKinds),
  deal: shortText,
  party: z.enum(["buyer", "seller", "platform"]),
  account: shortText,
  agreedBy,
  commitments: z.array(z.object({ of: z.enum(["terms", "price", "files", "decision"]), sha256 })).max(20),
  at: instant,
});
export type DealRecordPredicate = z.infer<typeof dealRecordPredicateSchema>;

const said: Record<DealRecordPredicate["record"], string> = {
  standing_offer: "offered to everybody, on the terms",
  contract: "agreed to a contract, on the terms",
  delivery: "recorded a delivery, under the terms",
  acceptance: "accepted what was delivered, under the terms",
  dispute: "opened a dispute, about a contract on the terms",
  ruling: "recorded the end of a dispute, about a contract on the terms",
  deletion: "recorded the deletion of what was licensed, under the terms",
};

const asParty = {
  buyer: "as the buyer, they",
  seller: "as the seller, they",
  platform: "as the platform, it",
} as const;

/** One step of a deal, which tells nothing of price or terms. */
export const dealRecordKind = statementKind({
  name: "deal-record",
  predicateType: DEAL_RECORD_PREDICATE,
  title: "Step of a deal",
  schema: dealRecordPredicateSchema,
  doesNotProve: [
    "what was paid or agreed: terms and price appear only as salted digests, which the parties can open",
    "who stands behind an account",
    "that the files do what the listing says",
  ],
  speakerOf: ({ party, account, agreedBy: agreed }) =>
    party === "platform"
      ? { by: "platform" }
      : { ...byAccount(account, agreed), ...(party === "buyer" && { calledInPublic: "a buyer" }) },
  saidAt: ({ at }) => at,
  faultOf: ({ predicate: { commitments }, subject }) =>
    commitments.every(({ of, sha256: hex }) => of !== "terms" || hex === subject[0]?.digest.sha256)
      ? null
      : "subject_differs",
  sentencesOf: ({ predicate, subject }) => ({
    headline: sentence(
      `: ${asParty[predicate.party]} ${said[predicate.record]} with this digest (`,
      digest(subject[0]?.digest.sha256 ?? ""),
      ").",
    ),
    facts: [
      ...subject.slice(1).map(({ digest: { sha256: hex } }) => filesFact(digest(hex))),
      ...agreementFacts(predicate.party === "platform" ? undefined : predicate.agreedBy),
    ],
  }),
  isAdverse: ({ record }) => record === "dispute",
});

function filesFact(hex: SentencePart) {
  return sentence("The deal is about the files ", hex, ".");
}
