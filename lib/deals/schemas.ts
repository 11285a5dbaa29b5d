import { z } from "zod";
import { MAX_INT32 } from "@/lib/shared/column-bounds";
import { UNSEEN_REFUSED, isPlainName } from "@/lib/shared/plain-name";
import { partNames } from "@/lib/catalogue/part";
import { type rightNames } from "@/lib/catalogue/rights";

const id = z.uuid("This form is damaged. Reload the page.");
const hex64 = z.string().regex(/^[0-9a-f]{64}$/, "This form is damaged. Reload the page.");
const part = z.enum(partNames);
/** A DSSE envelope by the person's device key; absent without JavaScript. */
export const envelope = z
  .string()
  .max(20_000)
  .optional()
  .transform((text) => text || undefined);
const agreed = z.literal("yes", "Tick the box to say that you agree.");
const amount = z.string().trim().min(1, "Write an amount.").max(20);

export const dealInput = z.object({ dealId: id });
export type DealInput = z.infer<typeof dealInput>;

/** One step that a key of the device may sign. */
export const signedStepInput = z.object({ dealId: id, envelope });
export type AcceptDeliveryInput = z.input<typeof signedStepInput>;

export const licenseNowInput = z.object({
  listingId: id,
  part,
  dealId: id,
  salt: hex64,
  termsSha256: hex64,
  agreed,
  envelope,
});
/** With simulated money the same form pays; the amount is the one shown. */
export const licenseAndPayInput = licenseNowInput.extend({
  payMinor: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
});
export type LicenseAndPayInput = z.infer<typeof licenseAndPayInput>;
export type LicenseNowInput = z.infer<typeof licenseNowInput>;

const answer = z.enum(["yes", "no", "not_stated"]);
const offerShape = {
  price: amount,
  /** Empty for a perpetual licence. */
  termMonths: z
    .string()
    .trim()
    .regex(/^\d{0,3}$/, "Write whole months, or leave it empty for a licence without end.")
    .transform((text) => (text === "" ? null : Number(text))),
  useCommercially: answer,
  modify: answer,
  redistribute: answer,
  sublicense: answer,
  fieldOfUse: z
    .string()
    .trim()
    .max(300)
    .refine(isPlainName, UNSEEN_REFUSED)
    .optional()
    .transform((text) => text || null),
  message: z.string().trim().max(2000).default(""),
} satisfies Record<(typeof rightNames)[number], z.ZodType> & Record<string, z.ZodType>;

export const makeOfferInput = z.object({ listingId: id, part, dealId: id, ...offerShape });
export type MakeOfferInput = z.infer<typeof makeOfferInput>;

const answered = z.coerce.number().int().positive().max(MAX_INT32);
export const counterOfferInput = z.object({ dealId: id, answers: answered, ...offerShape });
export type CounterOfferInput = z.infer<typeof counterOfferInput>;

export const answerOfferInput = z.object({ dealId: id, answers: answered });
export type AnswerOfferInput = z.infer<typeof answerOfferInput>;

export const signContractInput = z.object({ dealId: id, termsSha256: hex64, agreed, envelope });
export type SignContractInput = z.infer<typeof signContractInput>;

/** The amount shown, in minor units, so that nobody pays another one than they read. */
export const fundDealInput = z.object({ dealId: id, amountMinor: z.string().regex(/^\d{1,15}$/) });
export type FundDealInput = z.infer<typeof fundDealInput>;

export const confirmTransferInput = z.object({ reference: z.string().max(100), amount });
export type ConfirmTransferInput = z.infer<typeof confirmTransferInput>;

export const assignTransferInput = z.object({ transferId: id, reference: z.string().max(100) });
export type AssignTransferInput = z.infer<typeof assignTransferInput>;

/** `layout`: how the lines that were shown are read, so that nobody confirms others. */
export const importStatementInput = z.object({ draftId: id, layout: z.string().max(100) });
export type ImportStatementInput = z.infer<typeof importStatementInput>;

export const deliverInput = z.object({
  dealId: id,
  note: z.string().trim().min(10, "Say how the buyer gets it, in a sentence.").max(5000),
});
export type DeliverInput = z.infer<typeof deliverInput>;

export const sendMessageInput = z.object({
  dealId: id,
  messageId: id,
  body: z.string().trim().min(1, "Write something first.").max(5000),
});
export type SendMessageInput = z.infer<typeof sendMessageInput>;

export const proposeSplitInput = z.object({ dealId: id, buyerAmount: amount });
export type ProposeSplitInput = z.infer<typeof proposeSplitInput>;

export const acceptSplitInput = z.object({ dealId: id, proposalId: z.string().regex(/^\d{1,18}$/) });
export type AcceptSplitInput = z.infer<typeof acceptSplitInput>;

export const moveClockInput = z.object({ dealId: id, days: z.enum(["1", "5"]) });
export type MoveClockInput = z.infer<typeof moveClockInput>;

export const signStandingOfferInput = z.object({
  listingId: id,
  part,
  salt: hex64,
  termsSha256: hex64,
  agreed,
  envelope,
});
export type SignStandingOfferInput = z.infer<typeof signStandingOfferInput>;

export const withdrawStandingOfferInput = z.object({ listingId: id, part });
export type WithdrawStandingOfferInput = z.infer<typeof withdrawStandingOfferInput>;
