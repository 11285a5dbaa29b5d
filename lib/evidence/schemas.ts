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
