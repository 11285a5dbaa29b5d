import "server-only";
import type { Tx } from "@/lib/platform/db";

/** A factor counts once it is confirmed. */
export const confirmedFactor = { confirmedAt: { not: null } } as const;

export async function hasSecondFactor(tx: Pick<Tx, "secondFactor">, accountId: string): Promise<boolean> {
  const factor = await tx.secondFactor.findFirst({
    where: { accountId, ...confirmedFactor },
    select: { id: true },
  });
  return factor !== null;
}

/** Locks the account's row, so that changes to its factors happen one after another; returns it with its factors. */
export async function lockFactors(tx: Tx, accountId: string) {
  await tx.$queryRaw`SELECT id FROM "Account" WHERE id = ${accountId} FOR UPDATE`;
  return tx.account.findUniqueOrThrow({
    where: { id: accountId },
    include: { secondFactors: { where: confirmedFactor } },
  });
}
