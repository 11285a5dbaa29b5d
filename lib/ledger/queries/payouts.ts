import "server-only";
import { type Actor, hasRole } from "@/lib/accounts/actor";
import { namesById } from "@/lib/accounts/queries/names";
import { currentTime } from "@/lib/platform/clock";
import { db } from "@/lib/platform/db";
import { detailsInForce, detailsThatWait } from "../payout-details";

const MAX_ROWS = 200;

/** A payout that waits for a second operator. */
export type OpenPayout = {
  id: string;
  amountMinor: bigint;
  bankReference: string;
  isConfirmedByYou: boolean;
};

export type OwedAccount = {
  accountId: string;
  name: string;
  handle: string;
  owedMinor: bigint;
  currency: string;
  /** Where to pay now; null while its holder has not said so, or it does not count yet. */
  details: PayoutDetailsView | null;
  /** Where to pay later. */
  waiting: PayoutDetailsView | null;
  isYou: boolean;
  /** `isElsewhere`: it was sent to details that are not in force any more, and cannot be confirmed. */
  open: (OpenPayout & { isElsewhere: boolean }) | null;
};

export type PayoutDetailsView = { id: string; details: string; statedAt: Date; effectiveAt: Date };

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
  const [accounts, stated, payouts, now] = await Promise.all([
    namesById(ids),
    db.payoutDetails.findMany({ where: { accountId: { in: ids } } }),
    db.payout.findMany({
      where: { accountId: { in: ids }, paidAt: null, discardedAt: null },
      include: { confirmations: true },
    }),
    currentTime(),
  ]);
  return rows.flatMap(({ accountId, owedMinor }) => {
    const account = accounts.get(accountId);
    const open = payouts.find((payout) => payout.accountId === accountId);
    if (!account) return [];
    const own = stated.filter((one) => one.accountId === accountId);
    const details = detailsInForce(own, now);
    return {
      ...{ accountId, owedMinor, currency, name: account.displayName, handle: account.handle },
      ...{ details, waiting: detailsThatWait(own, now) },
      isYou: accountId === actor.accountId,
      open: open
        ? {
            ...{ id: open.id, amountMinor: open.amountMinor, bankReference: open.bankReference },
            isConfirmedByYou: open.confirmations.some((one) => one.confirmedById === actor.accountId),
            isElsewhere: open.detailsId !== details?.id,
          }
        : null,
    };
  });
}

/** Where the actor wants to be paid now, and the change that waits; null where there is none. */
export async function findOwnPayoutDetails(
  actor: Actor,
): Promise<{ inForce: PayoutDetailsView | null; waiting: PayoutDetailsView | null }> {
  const stated = await db.payoutDetails.findMany({ where: { accountId: actor.accountId } });
  const now = await currentTime();
  return { inForce: detailsInForce(stated, now), waiting: detailsThatWait(stated, now) };
}
