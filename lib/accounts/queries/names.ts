import "server-only";
import type { Tx } from "@/lib/platform/db";

/** Under what name others meet an account. */
export type AccountName = { id: string; handle: string; displayName: string; isDemo: boolean };

/** The names of accounts, by their ids; accounts that do not exist are left out. One query for any number. */
export async function namesById(
  tx: Pick<Tx, "account">,
  accountIds: Iterable<string>,
): Promise<Map<string, AccountName>> {
  const rows = await tx.account.findMany({
    where: { id: { in: [...new Set(accountIds)] } },
    select: { id: true, handle: true, displayName: true, isDemo: true },
  });
  return new Map(rows.map((row) => [row.id, row]));
}

/** The name of one account. Throws when it does not exist. */
export async function getName(tx: Pick<Tx, "account">, accountId: string): Promise<AccountName> {
  return tx.account.findUniqueOrThrow({
    where: { id: accountId },
    select: { id: true, handle: true, displayName: true, isDemo: true },
  });
}
