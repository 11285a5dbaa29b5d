import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { type UnusedTransfer, listUnusedTransfers } from "@/lib/ledger/queries/received";
import { currentTime } from "@/lib/platform/clock";
import { db } from "@/lib/platform/db";
import { partyOf } from "../deal";
import { dealOfRow } from "../records";
import { mismatchOf, mismatchText } from "../transfer-match";

export type UnmatchedTransfer = UnusedTransfer & {
  /** Why it pays nothing yet, and what to do. */
  reason: string;
  /** It is for a deal of the actor's own. */
  isYours: boolean;
};

/** Money that arrived and pays no deal, newest first and paged, for administrators; null for everybody else. */
export async function listUnmatched(
  actor: Actor,
  page: number,
): Promise<{ transfers: UnmatchedTransfer[]; total: number } | null> {
  const found = await listUnusedTransfers(actor, page);
  if (!found) return null;
  const references = found.transfers.flatMap(({ paymentReference }) => paymentReference ?? []);
  const rows = await db.deal.findMany({ where: { paymentReference: { in: references } } });
  const deals = new Map(rows.map((row) => [row.paymentReference, dealOfRow(row)]));
  const now = await currentTime();
  const transfers = found.transfers.map((transfer) => {
    const deal = deals.get(transfer.paymentReference ?? "") ?? null;
    const mismatch = mismatchOf(transfer, deal, now);
    const isYours = deal !== null && partyOf(deal, actor.accountId) !== null;
    const waits = transfer.isReceived && transfer.isSeenByYou ? WAITS_FOR_OTHER : WAITS;
    return { ...transfer, isYours, reason: mismatch ? mismatchText[mismatch] : waits };
  });
  return { transfers, total: found.total };
}

const WAITS = "It is for a deal that waits for it. An administrator who is no party must confirm it too.";
const WAITS_FOR_OTHER = "You confirmed it. A second administrator must confirm it too.";
