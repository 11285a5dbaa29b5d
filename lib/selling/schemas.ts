import { z } from "zod";
import { partNames } from "@/lib/catalogue/part";

const id = z.string().min(1).max(64);

export const draftIdSchema = z.object({ draftId: id });
export const draftFileIdSchema = z.object({ draftFileId: id });
export const assignFileSchema = z.object({ draftFileId: id, part: z.enum(partNames) });
export const listingIdSchema = z.object({ listingId: id });
