import "server-only";
import type { Tx } from "@/lib/platform/db";

/** Locks a stored file until the transaction ends, so that nothing comes to refer to it meanwhile. */
export async function lockStoredFile(tx: Tx, storedFileId: string): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM "StoredFile" WHERE id = ${storedFileId} FOR UPDATE`;
}

/** Deletes the row of a stored file that nothing refers to; its bytes may go once the transaction is committed. */
export async function deleteStoredFile(tx: Pick<Tx, "storedFile">, storedFileId: string): Promise<void> {
  await tx.storedFile.delete({ where: { id: storedFileId } });
}
