import { z } from "zod";
import { reauthentication } from "@/lib/accounts/schemas";
import { UNSEEN_REFUSED, isPlainName } from "@/lib/shared/plain-name";
import { type DateForm, dateForms } from "./bank/csv-layout";
import { columnRoles, meanings } from "./bank/csv-mapping";
import { STATEMENT_MAX_BYTES } from "./bank/statement-file";

const id = z.string().min(1).max(100);
/** As typed, so that nobody confirms by habit. */
const amount = z.string().trim().min(1, "Write the amount that was sent.").max(20);
const bankReference = z
  .string()
  .trim()
  .min(3, "Write how your bank calls the transfer.")
  .max(140)
  .refine(isPlainName, UNSEEN_REFUSED);

export const payoutDetailsInput = z.object({
  details: z
    .string()
    .trim()
    .min(10, "Write who holds the account, and its number.")
    .max(300, "Use at most 300 characters."),
  ...reauthentication,
});

/** `detailsId`: where the money was sent, as the operator saw it. */
export const confirmPayoutInput = z.object({
  accountId: id,
  detailsId: z.string().max(100),
  amount,
  bankReference,
});

export const nothingInput = z.object({});

export const discardPayoutInput = z.object({ payoutId: id });

export const returnTransferInput = z.object({ transferId: id, amount, bankReference });

export const uploadStatementInput = z.object({
  file: z
    .instanceof(File, { message: "Choose a file." })
    .refine(({ size }) => size > 0, "Choose a file.")
    .refine(({ size }) => size <= STATEMENT_MAX_BYTES, "The file is larger than 900 KB."),
});

export const draftInput = z.object({ draftId: id });

/** A role for each column in their order; what each word of a side or status means, as "side:CR" and "credit". */
export const mapStatementInput = z.object({
  draftId: id,
  roles: z.array(z.enum(columnRoles)).max(60),
  dateForm: z.enum(Object.keys(dateForms) as [DateForm, ...DateForm[]]),
  decimal: z.enum([".", ","]),
  words: z.array(z.string().max(300)).max(60),
  meanings: z.array(z.enum(meanings)).max(60),
});

/** A page of a list, from 1; anything else is the first. */
export const pageInput = z.object({ page: z.coerce.number().int().min(1).max(100_000).catch(1).default(1) });
