import "server-only";
import { limits, requireRoom } from "@/lib/accounts/limits";
import type { Tx } from "@/lib/platform/db";

/** A draft holds 100 files that were read into it. The caller has locked the draft. */
export async function requireRoomForImport(tx: Tx, draftId: string): Promise<void> {
  const read = await tx.draftImport.count({ where: { draftId } });
  const most = limits.importsInDraft;
  requireRoom(read, most, `${most} files were read into this draft. Remove one first.`);
}
