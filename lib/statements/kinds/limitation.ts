import { z } from "zod";
import { isLimitationType, limitationTypes, severities } from "@/lib/catalogue/limitation";
import { decimalText } from "../decimal-text";
import type { SenseFault } from "../sense-fault";
import { type Sentence, percent, sentence, strong, whole } from "../sentence";
import { claimKind } from "./claim-sentence";
import { claimFields, count, decimal, shortText } from "./field";

const limitationPredicateSchema = z.object({
  ...claimFields,
  limitation: z.object({
    type: shortText,
    presence: z.enum(["present", "absent"]),
    severity: z.enum(severities),
    /** When it shows, in words; empty where nothing was said. */
    condition: shortText,
    source: z.enum(["declared", "measured"]),
    effect: z
      .object({
        measure: z.enum(["accuracy", "recall", "precision"]),
        k: count,
        n: count,
        lower: decimal,
        upper: decimal,
      })
      .nullable(),
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
    "how it does on input unlike the rows behind a measured effect",
  ],
  claimOf: ({ limitation }) => {
    const name = strong(`“${labelOf(limitation.type)}”`);
    return limitation.presence === "present"
      ? ["it has the limitation ", name, `, which the seller calls ${limitation.severity}.`]
      : ["the seller looked for the limitation ", name, " and did not find it."];
  },
  faultOf: ({ predicate }) => effectFault(predicate.limitation),
  factsOf: ({ limitation }) => [...conditionFacts(limitation), ...effectFacts(limitation)],
});

/** How wide it is follows from clusters that are not stated here; the share itself lies in it. */
function effectFault({ effect }: LimitationPredicate["limitation"]): SenseFault | null {
  if (effect === null) return null;
  const { k, n, lower, upper } = effect;
  if (k > n || n === 0) return "count_exceeds";
  const share = Number(decimalText(k / n));
  return Number(lower) <= share && share <= Number(upper) && Number(upper) <= 1 ? null : "interval_differs";
}

function labelOf(type: string): string {
  return isLimitationType(type) ? limitationTypes[type].label : type;
}

function conditionFacts({ condition }: LimitationPredicate["limitation"]): Sentence[] {
  return condition === "" ? [] : [sentence(`Condition: ${condition}`)];
}

function effectFacts({ effect, source }: LimitationPredicate["limitation"]): Sentence[] {
  if (effect === null) return source === "declared" ? [sentence("Stated in words; not measured.")] : [];
  const { measure, k, n, lower, upper } = effect;
  return [
    sentence(
      strong(`${whole(k)} of ${whole(n)}`),
      ` there (${measure}), 95 % interval ${percent(lower)} to ${percent(upper)}.`,
    ),
  ];
}
