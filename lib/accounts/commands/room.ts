import "server-only";
import type { Tx } from "@/lib/platform/db";

/** Makes what an account adds of one kind take turns until the transaction ends, so that no two count the same room. */
export async function lockRoom(tx: Tx, accountId: string, kind: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`${kind} of ${accountId}`}, 0))`;
}
