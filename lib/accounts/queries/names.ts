import "server-only";
import type { Tx } from "@/lib/platform/db";

/** Under what name others meet an account. */
export type AccountName = { id: string; handle: string; displayName: string; isDemo: boolean };

const select = { id: true, handle: true, displayName: true, isDemo: true } as const;

/** The names of accounts, by their ids; accounts that do not exist are left out. One query for any number. */
export async function namesById(
  tx: Pick<Tx, "account">,
  accountIds: Iterable<string>,
): Promise<Map<string, AccountName>> {
  const rows = await tx.account.findMany({ where: { id: { in: [...new Set(accountIds)] } }, select });
  return new Map(rows.map((row) => [row.id, row]));
}

/** The same by their present handles. */
export async function namesByHandle(
  tx: Pick<Tx, "account">,
  handles: Iterable<string>,
): Promise<Map<string, AccountName>> {
  const rows = await tx.account.findMany({ where: { handle: { in: [...new Set(handles)] } }, select });
  return new Map(rows.map((row) => [row.handle, row]));
}

/** The name of one account. Throws when it does not exist. */
export async function getName(tx: Pick<Tx, "account">, accountId: string): Promise<AccountName> {
  return tx.account.findUniqueOrThrow({ where: { id: accountId }, select });
}

/** Accounts with these words in name or handle, at most `limit` of them. */
export async function accountIdsLike(
  tx: Pick<Tx, "account">,
  words: string,
  limit: number,
): Promise<string[]> {
  const contains = { contains: words, mode: "insensitive" } as const;
  const rows = await tx.account.findMany({
    where: { OR: [{ displayName: contains }, { handle: contains }] },
    select: { id: true },
    take: limit,
  });
  return rows.map(({ id }) => id);
}

/** Whether an account exists and is not suspended. */
export async function isActive(tx: Pick<Tx, "account">, accountId: string): Promise<boolean> {
  const row = await tx.account.findUnique({ where: { id: accountId }, select: { status: true } });
  return row?.status === "active";
}
