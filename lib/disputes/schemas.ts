import { z } from "zod";
import { envelope } from "@/lib/deals/schemas";
import { cleanText } from "@/lib/shared/clean-text";
import { disputeReasons } from "./dispute";
import { reportReasons } from "./report";

const keys = <T extends object>(record: T) =>
  Object.keys(record) as [keyof T & string, ...(keyof T & string)[]];
const reasonText = z
  .string()
  .trim()
  .min(10, "Give the reason in at least ten characters; the other side reads it.")
  .max(4000, "Keep it under 4,000 characters.");
const id = z.string().min(1).max(100);

export const fileReportInput = z.object({
  about: z.string().max(500).default("/"),
  reason: z.enum(keys(reportReasons), "Choose what it is about."),
  body: z.string().trim().min(10, "Describe it in at least ten characters.").max(4000),
});

const decided = { decision: z.enum(["upheld", "dismissed"]), resolution: reasonText };
export const resolveReportInput = z.object({ reportId: id, ...decided });
/** Closes what the moderator has seen: reports that came after `seenUntil` stay open. */
export const resolveReportsInput = z.object({ subjectId: id, seenUntil: z.iso.datetime(), ...decided });

export const sanctionListingInput = z.object({
  listingId: id,
  kind: z.enum(["freeze", "take_down"]),
  reason: reasonText,
});

export const suspendAccountInput = z.object({ accountId: id, reason: reasonText });
export const liftSanctionInput = z.object({ sanctionId: id, reason: reasonText });
export const fileAppealInput = z.object({ sanctionId: id, body: reasonText });
export const decideAppealInput = z.object({
  appealId: id,
  decision: z.enum(["granted", "refused"]),
  rationale: reasonText,
});

export const openDisputeInput = z.object({
  dealId: id,
  reason: z.enum(keys(disputeReasons), "Choose what is wrong."),
  statement: reasonText,
  envelope,
});
export const addStatementInput = z.object({ disputeId: id, body: reasonText });
export const withdrawDisputeInput = z.object({ disputeId: id });
export const ruleDisputeInput = z.object({
  disputeId: id,
  outcome: z.enum(["release", "refund", "split"]),
  /** As typed, for a split only. */
  buyerAmount: z.string().trim().max(20).default(""),
  rationale: reasonText,
});

const cursorPattern = /^(\d{1,15})_([0-9a-f-]{36})$/;
/** The time and id of the last row seen; junk gives the first page, never an error. */
const cursor = z
  .string()
  .regex(cursorPattern)
  .transform((text) => {
    const [, time = "", id = ""] = cursorPattern.exec(text) ?? [];
    return { at: new Date(Number(time)), id };
  })
  .nullable()
  .catch(null)
  .default(null);
export const reportPageInput = z.object({ after: cursor });
/** Where the page of each queue begins. */
export const moderationPageInput = z.object({ disputes: cursor, after: cursor, appeals: cursor });

/** Junk in the address gives the newest entries, never an error. */
export const auditSearchInput = z.object({
  before: z
    .string()
    .regex(/^\d{1,18}$/)
    .transform((text) => BigInt(text))
    .nullable()
    .catch(null)
    .default(null),
  q: z.string().trim().max(100).transform(cleanText).catch("").default(""),
});
