import { z } from "zod";
import { cleanText } from "@/lib/shared/clean-text";
import { isStorableDate } from "@/lib/shared/column-bounds";

/** Fields that statements of several kinds have. Numbers are decimal strings and safe integers. */
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
export const decimal = z.string().regex(/^(0|[1-9]\d{0,14})(\.\d{1,9})?$/);
export const count = z.int().nonnegative();
export const instant = z.iso.datetime().refine((at) => isStorableDate(new Date(at)));
/** Text that a database and canonical JSON can hold. */
const isStorable = (said: string) => cleanText(said) === said;
export const shortText = z.string().max(300).refine(isStorable);
/** A sentence or a few: reasons and answers. */
export const prose = z.string().max(2_000).refine(isStorable);

/**
 * How an account said so: with a key of its own; `session`: the platform signs that the account agreed in a session,
 * the weaker form where no key could be made.
 */
export const agreedBy = z.discriminatedUnion("method", [
  z.object({ method: z.literal("device_key") }),
  z.object({ method: z.literal("session"), session: shortText }),
]);
export type AgreedBy = z.infer<typeof agreedBy>;

/** What every claim about a listing says beside its content. */
export const claimFields = {
  /** The account that sells the listing and makes the claim. */
  seller: shortText,
  /** Absent where the seller signs with a key of their own. */
  agreedBy: agreedBy.optional(),
  listing: shortText,
  statedAt: instant,
  /** The envelope of the claim that this one takes the place of. */
  replaces: sha256.optional(),
};
export type ClaimFields = {
  seller: string;
  agreedBy?: AgreedBy | undefined;
  listing: string;
  statedAt: string;
  replaces?: string | undefined;
};
