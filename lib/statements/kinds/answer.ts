import { z } from "zod";
import { digest, sentence } from "../sentence";
import { agreementFacts } from "./claim-sentence";
import { agreedBy, instant, prose, sha256, shortText } from "./field";
import { byAccount, statementKind } from "./kind";

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
  title: "Answer",
  schema: answerPredicateSchema,
  doesNotProve: ["that the evidence is wrong: it stands as it was signed", "that the answer is true"],
  speakerOf: ({ seller, agreedBy }) => byAccount(seller, agreedBy),
  capacityOf: ({ answers }) => ({ as: "seller", named: answers }),
  saidAt: ({ statedAt }) => statedAt,
  sentencesOf: ({ predicate }) => ({
    headline: sentence(": the seller answers the evidence (", digest(predicate.answers), ")."),
    facts: [sentence(`“${predicate.body}”`), ...agreementFacts(predicate.agreedBy)],
  }),
});
