import "server-only";
import { type Tx, db } from "@/lib/platform/db";

/** Under what name others meet an account. */
export type AccountName = { id: string; handle: string; displayName: string; isDemo: boolean };

const select = { id: true, handle: true, displayName: true, isDemo: true } as const;

/** The names of accounts, by their ids; accounts that do not exist are left out. One query for any number. */
export async function namesById(
  accountIds: Iterable<string>,
  tx: Pick<Tx, "account"> = db,
): Promise<Map<string, AccountName>> {
  const rows = await tx.account.findMany({ where: { id: { in: [...new Set(accountIds)] } }, select });
  return new Map(rows.map((row) => [row.id, row]));
}

/** The same by their present handles. */
export async function namesByHandle(
  handles: Iterable<string>,
  tx: Pick<Tx, "account"> = db,
): Promise<Map<string, AccountName>> {
  const rows = await tx.account.findMany({ where: { handle: { in: [...new Set(handles)] } }, select });
  return new Map(rows.map((row) => [row.handle, row]));
}

/** The name of one account. Throws when it does not exist. */
export async function getName(accountId: string, tx: Pick<Tx, "account"> = db): Promise<AccountName> {
  return tx.account.findUniqueOrThrow({ where: { id: accountId }, select });
}

/** Accounts with these words in name or handle, at most `limit` of them. */
export async function accountIdsLike(
  words: string,
  limit: number,
  tx: Pick<Tx, "account"> = db,
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
export async function isActive(accountId: string, tx: Pick<Tx, "account"> = db): Promise<boolean> {
  const row = await tx.account.findUnique({ where: { id: accountId }, select: { status: true } });
  return row?.status === "active";
}
