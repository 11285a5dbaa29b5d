import { z } from "zod";
import { date, digest, sentence, strong } from "../sentence";
import { statementKind } from "./kind";

/** A simple verification result v0.2: what a verifier checked, as far as it is read here. */
const svrPredicateSchema = z.object({
  verifier: z.object({
    id: z.string().max(2_000),
    policies: z.array(z.record(z.string(), z.unknown())).max(1_000).optional(),
  }),
  timeCreated: z.iso.datetime({ offset: true }),
  properties: z.array(z.string().max(300)).max(1_000),
});

/** A verifier's result, in the form of in-toto's SVR v0.2, accepted as it is. */
export const svrKind = statementKind({
  name: "svr",
  predicateType: "https://in-toto.io/attestation/svr/v0.2",
  title: "Verification result",
  schema: svrPredicateSchema,
  doesNotProve: [
    "that the verifier it names made the check: only the signer's word stands behind it",
    "anything that is not among the properties named",
  ],
  speakerOf: () => ({ by: "signer" }),
  pastOf: ({ timeCreated }) => [timeCreated],
  sentencesOf: ({ predicate, subject }) => ({
    headline: sentence(
      ": on ",
      date(predicate.timeCreated),
      " the verifier ",
      strong(predicate.verifier.id),
      " checked the files (",
      digest(subject[0]?.digest.sha256 ?? ""),
      ").",
    ),
    facts: [
      sentence(
        predicate.properties.length === 0
          ? "It names no property as shown."
          : `Properties shown: ${predicate.properties.join(", ")}.`,
      ),
    ],
  }),
});
