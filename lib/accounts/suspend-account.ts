import "server-only";
import type { Tx } from "@/lib/platform/db";

/** Suspends an account and ends its sessions at once. Running deals go on; the caller has authorised and audits. */
export async function suspendAccount(tx: Tx, accountId: string, reason: string): Promise<void> {
  await tx.account.update({
    where: { id: accountId },
    data: { status: "suspended", suspendedReason: reason },
  });
  await tx.session.updateMany({ where: { accountId, endedAt: null }, data: { endedAt: new Date() } });
}

/** Lets a suspended account sign in again. */
export async function liftSuspension(tx: Tx, accountId: string): Promise<void> {
  await tx.account.update({ where: { id: accountId }, data: { status: "active", suspendedReason: null } });
}
