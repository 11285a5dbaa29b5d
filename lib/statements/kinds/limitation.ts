import { z } from "zod";
import { isLimitationType, limitationTypes, severities } from "@/lib/catalogue/limitation";
import { NOT_MEASURED, measuresSchema, measuresText } from "@/lib/catalogue/limitation-link";
import { type Sentence, sentence, strong } from "../sentence";
import { claimKind } from "./claim-sentence";
import { claimFields, shortText } from "./field";

const limitationPredicateSchema = z.object({
  ...claimFields,
  limitation: z.object({
    type: shortText,
    presence: z.enum(["present", "absent"]),
    severity: z.enum(severities),
    /** The seller's own words; empty where nothing was said. */
    condition: shortText,
    /** What an evaluation has to count for its figure to be about this; null where nothing does. */
    measures: measuresSchema.nullable(),
  }),
});
export type LimitationPredicate = z.infer<typeof limitationPredicateSchema>;

/** A way in which a model falls short, or was looked at and does not, by its seller's word. */
export const limitationKind = claimKind({
  name: "limitation",
  title: "Limitation",
  schema: limitationPredicateSchema,
  doesNotProve: [
    "that there are no other limitations",
    "how much it takes away: only a signed evaluation can show that",
  ],
  claimOf: ({ limitation }) => {
    const name = strong(`“${labelOf(limitation.type)}”`);
    return limitation.presence === "present"
      ? ["it has the limitation ", name, `, which the seller calls ${limitation.severity}.`]
      : ["the seller looked for the limitation ", name, " and did not find it."];
  },
  factsOf: ({ limitation }) => [...measureFacts(limitation), ...conditionFacts(limitation)],
});

function labelOf(type: string): string {
  return isLimitationType(type) ? limitationTypes[type].label : type;
}

function conditionFacts({ condition }: LimitationPredicate["limitation"]): Sentence[] {
  return condition === "" ? [] : [sentence(`In the seller’s words: ${condition}`)];
}

/** No figure is signed here: a seller's word about a figure would be one more figure, and evaluations hold them. */
function measureFacts({ measures }: LimitationPredicate["limitation"]): Sentence[] {
  return [
    measures === null
      ? sentence(NOT_MEASURED)
      : sentence(
          "It is measured by: ",
          strong(measuresText(measures)),
          ". Evaluations of these files hold the figure.",
        ),
  ];
}
