import "server-only";
import type { Appeal, Sanction } from "@/prisma/generated/client";
import type { Tx } from "@/lib/platform/db";
import type { Mail } from "@/lib/platform/mail";
import { enqueueMail } from "@/lib/platform/outbox";
import { notFoundError } from "@/lib/shared/domain-error";

export type LockedSanction = Sanction & { hasAppeal: boolean };

/** Locks one sanction; throws `not_found`. */
export async function lockSanction(tx: Tx, sanctionId: string): Promise<LockedSanction> {
  await tx.$queryRaw`SELECT id FROM "Sanction" WHERE id = ${sanctionId} FOR UPDATE`;
  const row = await tx.sanction.findUnique({ where: { id: sanctionId }, include: { appeal: true } });
  if (!row) throw notFoundError("decision");
  const { appeal, ...sanction } = row;
  return { ...sanction, hasAppeal: appeal !== null };
}

export async function lockAppeal(tx: Tx, appealId: string): Promise<Appeal | null> {
  await tx.$queryRaw`SELECT id FROM "Appeal" WHERE id = ${appealId} FOR UPDATE`;
  return tx.appeal.findUnique({ where: { id: appealId } });
}

/** Mails one account in the caller's transaction. */
export async function notifyAccount(
  tx: Tx,
  accountId: string,
  idempotencyKey: string,
  mail: Omit<Mail, "to">,
): Promise<void> {
  const account = await tx.account.findUnique({ where: { id: accountId }, select: { email: true } });
  if (account) await enqueueMail(tx, idempotencyKey, { to: account.email, ...mail });
}

export type LockedDispute = {
  id: string;
  dealId: string;
  listingId: string;
  state: "open" | "ruled" | "withdrawn";
  openedById: string;
  buyerId: string;
  sellerId: string;
  heldMinor: bigint;
  currency: string;
};

/**
 * Locks one dispute with the facts of its deal, or null. The order of locks is always deal, then dispute: opening a
 * dispute locks the deal before its dispute exists.
 */
export async function lockDispute(tx: Tx, disputeId: string): Promise<LockedDispute | null> {
  const found = await tx.dispute.findUnique({ where: { id: disputeId }, select: { dealId: true } });
  if (!found) return null;
  const deals = await tx.$queryRaw<
    { listingId: string; buyerId: string; sellerId: string; priceMinor: bigint | null; currency: string }[]
  >`SELECT "listingId", "buyerId", "sellerId", "priceMinor", currency FROM "Deal"
    WHERE id = ${found.dealId} FOR UPDATE`;
  await tx.$queryRaw`SELECT id FROM "Dispute" WHERE id = ${disputeId} FOR UPDATE`;
  const dispute = await tx.dispute.findUniqueOrThrow({ where: { id: disputeId } });
  const deal = deals[0];
  if (!deal) return null;
  return {
    id: dispute.id,
    dealId: dispute.dealId,
    listingId: deal.listingId,
    state: dispute.state,
    openedById: dispute.openedById,
    buyerId: deal.buyerId,
    sellerId: deal.sellerId,
    heldMinor: deal.priceMinor ?? 0n,
    currency: deal.currency,
  };
}
