import "server-only";
import { deleteStoredFile, lockStoredFile } from "@/lib/catalogue/commands/delete-stored-file";
import { filesOfNoVersion } from "@/lib/catalogue/queries/stored-files";
import { holdsNoRows } from "@/lib/evidence/queries/draft-evaluations";
import { isOfNoRun } from "@/lib/inference/records/evaluation-runs";
import { type Tx, db, inTransaction } from "@/lib/platform/db";
import { deleteObject } from "@/lib/platform/storage";
import { Prisma } from "@/prisma/generated/client";

const isUnused = Prisma.sql`
  NOT EXISTS (SELECT 1 FROM "DraftFile" WHERE "storedFileId" = file.id)
  AND NOT EXISTS (SELECT 1 FROM "DraftImport" WHERE "storedFileId" = file.id)
  AND ${isOfNoRun(Prisma.sql`file.id`)}
  AND ${holdsNoRows(Prisma.sql`file.id`)}`;

/** Stored files made before that time to which no draft, version or evaluation refers, the oldest first. */
export async function listUnusedFiles(before: Date, limit: number): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM ${filesOfNoVersion} AS file WHERE "createdAt" < ${before} AND ${isUnused}
    ORDER BY "createdAt" LIMIT ${limit}`;
  return rows.map(({ id }) => id);
}

/** Deletes a stored file's row when nothing refers to it any more, and says which bytes may go after commit. */
export async function removeIfUnused(tx: Tx, storedFileId: string): Promise<{ storageKey: string } | null> {
  await lockStoredFile(tx, storedFileId);
  const [unused] = await tx.$queryRaw<{ storageKey: string }[]>`
    SELECT "storageKey" FROM ${filesOfNoVersion} AS file WHERE id = ${storedFileId} AND ${isUnused}`;
  if (!unused) return null;
  await deleteStoredFile(tx, storedFileId);
  return unused;
}

/** Deletes a stored file and its bytes, unless something refers to it. */
export async function removeUnused(storedFileId: string): Promise<void> {
  const freed = await inTransaction(async (tx) => removeIfUnused(tx, storedFileId));
  if (freed) await deleteObject(freed);
}
