import { z } from "zod";

const id = z.string().min(1).max(100);

export const signClaimsInput = z.object({
  listingId: id,
  /** A JSON list of signed envelopes; empty where this browser could not sign. */
  envelopes: z.string().max(1_000_000).default(""),
});

export const takeStanceInput = z.object({
  claimId: id,
  stance: z.enum(["confirmed", "rejected"]),
  /** The signed envelope's JSON; empty where this browser could not sign. */
  envelope: z.string().max(1_000_000).default(""),
});
