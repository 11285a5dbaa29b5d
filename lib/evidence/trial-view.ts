import { z } from "zod";
import { envelopeCellSchema } from "@/lib/catalogue/standing";

const scored = z.object({ label: z.string(), score: z.number() });

/** What one trial shows: the model's own answer, and what the listing's record says of inputs like it. Kept nowhere. */
export const trialViewSchema = z.object({
  answer: z.object({
    /** As it would be counted. */
    prediction: z.string(),
    confidence: z.number().nullable(),
    scores: z.array(scored),
    refused: z.string().nullable(),
  }),
  milliseconds: z.number(),
  /** By its seller's own server: the time is of the way there and back, and no compute of ours. */
  isServed: z.boolean(),
  /** Compute of 1,000 such calls at the configured rate, in thousandths of a minor unit. */
  computePerThousandMilli: z.string(),
  /** The whole prompt that a generator was given; null for all else. */
  prompt: z.string().nullable(),
  /** Null where nobody signed a run of what is on offer. */
  record: z
    .object({
      level: z.number(),
      /** Who stands behind it, when and on what. */
      origin: z.string(),
      within: z.array(envelopeCellSchema),
      undecided: z.array(z.object({ slice: z.string(), name: z.string() })),
    })
    .nullable(),
});
export type TrialView = z.infer<typeof trialViewSchema>;
