import { z } from "zod";
import { date, digest, sentence, strong } from "../sentence";
import { predicateTypeOf } from "../statement";
import { agreementFacts } from "./claim-sentence";
import { agreedBy, instant, prose, sha256, shortText } from "./field";
import { statementKind } from "./kind";

const answerPredicateSchema = z.object({
  seller: shortText,
  agreedBy: agreedBy.optional(),
  listing: shortText,
  /** The envelope of the evidence that is answered. */
  answers: sha256,
  body: prose,
  statedAt: instant,
});

/** What a seller says to evidence about their listing; the evidence stays as it is. */
export const answerKind = statementKind({
  name: "answer",
  predicateType: predicateTypeOf("answer"),
  title: "Answer",
  schema: answerPredicateSchema,
  doesNotProve: ["that the evidence is wrong: it stands as it was signed", "that the answer is true"],
  speakerOf: ({ seller, agreedBy: agreed }) => ({
    by: "account",
    accountId: seller,
    agreedBy: agreed?.method ?? "device_key",
  }),
  sentencesOf: ({ predicate }, signerName) => ({
    headline: sentence(
      "Signed by ",
      strong(signerName),
      " on ",
      date(predicate.statedAt),
      ": the seller answers the evidence (",
      digest(predicate.answers),
      ").",
    ),
    facts: [sentence(`“${predicate.body}”`), ...agreementFacts(predicate.agreedBy)],
  }),
});
