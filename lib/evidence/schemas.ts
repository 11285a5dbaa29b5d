import { z } from "zod";

const id = z.string().min(1).max(100);
export const evaluationIdInput = z.object({ evaluationId: id });

export const signEvaluationInput = z.object({
  evaluationId: id,
  /** The signed envelope's JSON; empty where this browser could not sign. */
  envelope: z.string().max(1_000_000).default(""),
});

export const replyToEvaluationInput = z.object({
  evaluationId: id,
  body: z.string().trim().min(10, "Say at least a sentence.").max(2_000, "Use at most 2,000 characters."),
  /** The signed envelope's JSON; empty where this browser could not sign. */
  envelope: z.string().max(1_000_000).default(""),
});

export const withdrawEvaluationInput = z.object({
  evaluationId: id,
  reason: z.string().trim().min(10, "Say why, in a sentence.").max(2_000, "Use at most 2,000 characters."),
  /** The signed envelope's JSON; empty where this browser could not sign. */
  envelope: z.string().max(1_000_000).default(""),
});

const MAX_TRIAL_FILE_BYTES = 900_000;

/** The texts are read by the contract of the model. */
export const trialInput = z
  .object({
    slug: z.string().min(1).max(100),
    file: z
      .instanceof(File)
      .refine(({ size }) => size <= MAX_TRIAL_FILE_BYTES, "Choose a file of at most 900 KB.")
      .optional(),
  })
  .catchall(z.string().max(100_000));
export type TrialSchema = typeof trialInput;
