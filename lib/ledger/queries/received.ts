import "server-only";
import { type Actor, hasRole } from "@/lib/accounts/actor";
import { db } from "@/lib/platform/db";
import type { OpenPayout } from "./payouts";

export const RECEIVED_PER_PAGE = 25;

export type UnusedTransfer = {
  id: string;
  amountMinor: bigint;
  currency: string;
  paymentReference: string | null;
  /** What the payer wrote. */
  text: string;
  bookedOn: string | null;
  bankReference: string | null;
  createdAt: Date;
  isReceived: boolean;
  /** No statement shows it yet: an operator said so. */
  isByHand: boolean;
  isSeenByYou: boolean;
  /** A return that waits for a second operator. */
  open: OpenPayout | null;
};

/**
 * Transfers that pay nothing and did not go back, newest first, 25 a page from 1, and how many there are, for
 * administrators; null for everybody else.
 */
export async function listUnusedTransfers(
  actor: Actor,
  page: number,
): Promise<{ transfers: UnusedTransfer[]; total: number } | null> {
  if (!hasRole(actor, "administrator")) return null;
  const where = { use: null };
  const [rows, total] = await Promise.all([
    db.receivedTransfer.findMany({
      where,
      include: {
        ...{ line: true, receipts: true },
        payouts: { where: { paidAt: null, discardedAt: null }, include: { confirmations: true } },
      },
      orderBy: [{ createdAt: "desc" }, { id: "asc" }],
      ...{ skip: (page - 1) * RECEIVED_PER_PAGE, take: RECEIVED_PER_PAGE },
    }),
    db.receivedTransfer.count({ where }),
  ]);
  const isYou = ({ confirmedById }: { confirmedById: string }) => confirmedById === actor.accountId;
  const transfers = rows.map(({ line, receipts, payouts: [open], receivedAt, ...row }) => ({
    ...row,
    ...{ bankReference: line?.bankReference ?? null, isReceived: receivedAt !== null, isByHand: !line },
    isSeenByYou: receipts.some(isYou),
    open: open
      ? {
          ...{ id: open.id, amountMinor: open.amountMinor, bankReference: open.bankReference },
          isConfirmedByYou: open.confirmations.some(isYou),
        }
      : null,
  }));
  return { transfers, total };
}
