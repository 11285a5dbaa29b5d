import { z } from "zod";

export const listingIdSchema = z.object({ listingId: z.string().min(1).max(64) });
