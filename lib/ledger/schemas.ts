import { z } from "zod";
import { UNSEEN_REFUSED, isPlainName } from "@/lib/shared/plain-name";

export const payoutDetailsInput = z.object({
  details: z
    .string()
    .trim()
    .min(10, "Write who holds the account, and its number.")
    .max(300, "Use at most 300 characters."),
});

export const confirmPayoutInput = z.object({
  accountId: z.string().min(1).max(100),
  /** As typed, so that nobody confirms by habit. */
  amount: z.string().trim().min(1, "Write the amount that was sent.").max(20),
  bankReference: z
    .string()
    .trim()
    .min(3, "Write how your bank calls the transfer.")
    .max(140)
    .refine(isPlainName, UNSEEN_REFUSED),
});

export const discardPayoutInput = z.object({ payoutId: z.string().min(1).max(100) });
