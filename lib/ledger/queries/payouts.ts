import "server-only";
import { type Actor, hasRole } from "@/lib/accounts/actor";
import { namesById } from "@/lib/accounts/queries/names";
import { db } from "@/lib/platform/db";

const MAX_ROWS = 200;

export type OwedAccount = {
  accountId: string;
  name: string;
  handle: string;
  owedMinor: bigint;
  currency: string;
  /** Null while its holder has not said where to be paid. */
  details: string | null;
  isYou: boolean;
  /** A payout that waits for a second operator. */
  open: { id: string; amountMinor: bigint; bankReference: string; isConfirmedByYou: boolean } | null;
};

/** Whom the operator owes money, most first, for administrators; null for everybody else. */
export async function listOwedAccounts(actor: Actor, currency: string): Promise<OwedAccount[] | null> {
  if (!hasRole(actor, "administrator")) return null;
  const rows = await db.$queryRaw<{ accountId: string; owedMinor: bigint }[]>`
    SELECT substr(account, ${"payable:".length + 1}) AS "accountId",
      sum("creditMinor" - "debitMinor")::bigint AS "owedMinor"
    FROM "Posting" WHERE account LIKE 'payable:%' AND currency = ${currency}
    GROUP BY account HAVING sum("creditMinor" - "debitMinor") > 0
    ORDER BY 2 DESC, 1 LIMIT ${MAX_ROWS}`;
  const ids = rows.map(({ accountId }) => accountId);
  const [accounts, details, payouts] = await Promise.all([
    namesById(ids),
    db.payoutDetails.findMany({ where: { accountId: { in: ids } } }),
    db.payout.findMany({
      where: { accountId: { in: ids }, paidAt: null, discardedAt: null },
      include: { confirmations: true },
    }),
  ]);
  return rows.flatMap(({ accountId, owedMinor }) => {
    const account = accounts.get(accountId);
    const open = payouts.find((payout) => payout.accountId === accountId);
    if (!account) return [];
    return {
      ...{ accountId, owedMinor, currency, name: account.displayName, handle: account.handle },
      details: details.find((one) => one.accountId === accountId)?.details ?? null,
      isYou: accountId === actor.accountId,
      open: open
        ? {
            ...{ id: open.id, amountMinor: open.amountMinor, bankReference: open.bankReference },
            isConfirmedByYou: open.confirmations.some((one) => one.confirmedById === actor.accountId),
          }
        : null,
    };
  });
}

/** Where the actor wants to be paid; empty when they have not said. */
export async function findOwnPayoutDetails(actor: Actor): Promise<string> {
  const row = await db.payoutDetails.findUnique({ where: { accountId: actor.accountId } });
  return row?.details ?? "";
}
