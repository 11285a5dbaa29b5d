import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { db, type Tx } from "@/lib/platform/db";
import { type StatementLine, signedMinor, withRunningBalance } from "../balance";
import { isAsset, payableAccount } from "../chart-of-accounts";

/** An account's balance in minor units, positive on the side on which it grows. */
export async function balanceOf(account: string, currency: string, tx: Tx | typeof db = db): Promise<bigint> {
  const { _sum } = await tx.posting.aggregate({
    where: { account, currency },
    _sum: { debitMinor: true, creditMinor: true },
  });
  const net = (_sum.debitMinor ?? 0n) - (_sum.creditMinor ?? 0n);
  return isAsset(account) ? net : -net;
}

export type AccountStatement = {
  balanceMinor: bigint;
  currency: string;
  /** Newest first. The subject of a payout is the payout, of every other line a deal. */
  lines: (StatementLine & { isPayout: boolean })[];
};

/** What the actor is owed and was paid, newest first. Nobody else's account can be asked for. */
export async function getOwnStatement(actor: Actor, currency: string): Promise<AccountStatement> {
  const rows = await db.posting.findMany({
    where: { account: payableAccount(actor.accountId), currency },
    include: { entry: true },
    orderBy: { id: "asc" },
    take: 5000,
  });
  const lines = withRunningBalance(
    rows.map(({ entry, ...posting }) => ({
      at: entry.createdAt,
      description: entry.description,
      subjectId: entry.subjectId,
      amountMinor: signedMinor(posting),
      currency,
    })),
  );
  const marked = lines.map((line, at) => ({
    ...line,
    isPayout: rows[at]?.entry.idempotencyKey.startsWith("payout:") ?? false,
  }));
  return { balanceMinor: lines.at(-1)?.balanceMinor ?? 0n, currency, lines: marked.reverse() };
}

export type BooksCheck = { unbalancedEntries: number; cashMinusOwedMinor: bigint };

/** Both figures are zero on whole books: what providers hold equals what is held, owed and earned. */
export async function checkBooks(currency: string): Promise<BooksCheck> {
  const [row] = await db.$queryRaw<{ unbalanced: bigint; difference: bigint }[]>`
    SELECT
      (SELECT count(*) FROM (
        SELECT 1 FROM "JournalEntry" e LEFT JOIN "Posting" p ON p."entryId" = e.id AND p.currency = ${currency}
        GROUP BY e.id HAVING coalesce(sum(p."debitMinor"), 0) <> coalesce(sum(p."creditMinor"), 0)) u) AS unbalanced,
      (SELECT coalesce(sum("debitMinor" - "creditMinor"), 0)::bigint FROM "Posting"
        WHERE currency = ${currency}) AS difference`;
  return { unbalancedEntries: Number(row?.unbalanced ?? 0n), cashMinusOwedMinor: row?.difference ?? 0n };
}
