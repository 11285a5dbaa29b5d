import "server-only";
import type { Tx } from "@/lib/platform/db";

/** A stored file of an account with this digest, or null. */
export async function findOwnFile(
  tx: Pick<Tx, "storedFile">,
  ownerId: string,
  sha256: string,
): Promise<{ id: string } | null> {
  return tx.storedFile.findFirst({ where: { ownerId, sha256 }, select: { id: true } });
}
