import "server-only";
import type { Appeal, Sanction } from "@/prisma/generated/client";
import { lockDeal } from "@/lib/deals/records";
import type { Tx } from "@/lib/platform/db";
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
  const { listingId, buyerId, sellerId, priceMinor, currency } = await lockDeal(tx, found.dealId);
  await tx.$queryRaw`SELECT id FROM "Dispute" WHERE id = ${disputeId} FOR UPDATE`;
  const { id, dealId, state, openedById } = await tx.dispute.findUniqueOrThrow({ where: { id: disputeId } });
  return {
    ...{ id, dealId, state, openedById },
    ...{ listingId, buyerId, sellerId, heldMinor: priceMinor ?? 0n, currency },
  };
}
