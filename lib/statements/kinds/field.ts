import { z } from "zod";
import { declaredLevels } from "@/lib/catalogue/niche";
import { cleanText } from "@/lib/shared/clean-text";
import { isStorableDate } from "@/lib/shared/column-bounds";
import type { SenseFault } from "../sense-fault";

/** Marks what a schema refuses as a fault of sense, which has a code and a sentence of its own. */
export function fault(code: SenseFault): { error: SenseFault } {
  return { error: code };
}

function isInstant(at: string): boolean {
  const date = new Date(at);
  return isStorableDate(date) && date.toISOString() === at;
}

/** Fields that statements of several kinds have. Numbers are decimal strings and safe integers. */
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** A plain decimal in its one form: "0.95", not "0.950", "00.95" or "9.5e-1". */
export const decimal = z.string().regex(/^(0|[1-9]\d{0,14})(\.\d{0,8}[1-9])?$/, fault("decimal_form"));
/** Whether a share is a level that sellers may declare, in whatever form. */
export function isOfferedLevel(share: string): boolean {
  return declaredLevels.some((level) => Number(level) === Number(share));
}
export const count = z.int().nonnegative();
/** A moment in its one form: "2026-11-30T12:00:00.000Z". */
export const instant = z.string().refine(isInstant, fault("date_form"));
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
