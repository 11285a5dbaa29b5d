import "server-only";
import { randomUUID } from "node:crypto";
import { currentTime } from "@/lib/platform/clock";
import type { Tx } from "@/lib/platform/db";
import { DomainError, refuseUnless } from "@/lib/shared/domain-error";
import { type JournalEntry, isSameEntry } from "../journal-entry";
import { isReceiptConfirmed } from "../payment-provider";
import { findEntryByKey } from "../records";

/**
 * Posts an entry in the caller's transaction, once for each key: a repetition changes nothing and answers "replayed".
 * Throws `idempotency_key_reused` when the key stands for something else. PostgreSQL checks the balance again at
 * commit and refuses every later change.
 */
export async function postEntry(tx: Tx, entry: JournalEntry): Promise<"posted" | "replayed"> {
  const id = randomUUID();
  const { description, subjectId, idempotencyKey, postings } = entry;
  const createdAt = await currentTime(tx);
  const { count } = await tx.journalEntry.createMany({
    data: [{ id, description, subjectId, idempotencyKey, postingCount: postings.length, createdAt }],
    skipDuplicates: true,
  });
  if (count === 0) {
    const stored = await findEntryByKey(tx, idempotencyKey);
    refuseUnless(
      stored && isSameEntry(stored, entry),
      "idempotency_key_reused",
      "This payment step was recorded before with other amounts.",
    );
    return "replayed";
  }
  await tx.posting.createMany({ data: postings.map((posting) => ({ entryId: id, ...posting })) });
  return "posted";
}

/**
 * Notes that an operator saw a transfer of exactly this amount arrive; the caller has checked who may.
 * Answers whether enough people have seen it. Throws `already_confirmed` for the same person twice.
 */
export async function confirmReceipt(
  tx: Tx,
  receipt: {
    reference: string;
    amountMinor: bigint;
    currency: string;
    confirmedById: string;
    confirmedAt: Date;
  },
): Promise<boolean> {
  const { count } = await tx.paymentReceipt.createMany({ data: [receipt], skipDuplicates: true });
  const receipts = await tx.paymentReceipt.findMany({ where: { reference: receipt.reference } });
  const isConfirmed = isReceiptConfirmed(receipt.amountMinor, receipts);
  if (count === 0 && !isConfirmed) {
    throw new DomainError(
      "already_confirmed",
      "You confirmed this one. A second person must confirm it too.",
    );
  }
  return isConfirmed;
}
