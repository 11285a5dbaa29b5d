import "server-only";
import { randomUUID } from "node:crypto";
import { currentTime } from "@/lib/platform/clock";
import type { Tx } from "@/lib/platform/db";
import { refuseUnless } from "@/lib/shared/domain-error";
import { type JournalEntry, isSameEntry } from "../journal-entry";
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

/** Posts entries that were made just now, all at once. A key that was used before is a fault. */
export async function postEntries(tx: Tx, entries: readonly JournalEntry[]): Promise<void> {
  const createdAt = await currentTime(tx);
  const rows = entries.map(({ postings, ...facts }) => ({ id: randomUUID(), facts, postings }));
  await tx.journalEntry.createMany({
    data: rows.map(({ id, facts, postings }) => ({
      ...{ id, ...facts, postingCount: postings.length, createdAt },
    })),
  });
  await tx.posting.createMany({
    data: rows.flatMap(({ id, postings }) => postings.map((posting) => ({ entryId: id, ...posting }))),
  });
}
