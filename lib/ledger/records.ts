import "server-only";
import type { Tx } from "@/lib/platform/db";
import type { JournalEntry } from "./journal-entry";

/** The stored entry of a key, as core sees it, or null. */
export async function findEntryByKey(tx: Tx, idempotencyKey: string): Promise<JournalEntry | null> {
  const row = await tx.journalEntry.findUnique({ where: { idempotencyKey }, include: { postings: true } });
  return (
    row && {
      description: row.description,
      subjectId: row.subjectId,
      idempotencyKey,
      postings: row.postings.map(({ account, debitMinor, creditMinor, currency }) => ({
        account,
        debitMinor,
        creditMinor,
        currency,
      })),
    }
  );
}
