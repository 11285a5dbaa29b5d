import "server-only";
import type { Tx } from "@/lib/platform/db";
import { notFoundError } from "@/lib/shared/domain-error";
import type { Actor } from "@/lib/accounts/actor";
import type { Listing } from "@/prisma/generated/client";

export type ListingRecord = Omit<Listing, "searchText">;

/** Locks the listing until the transaction ends. Throws `not_found` when there is none. */
export async function lockListing(tx: Tx, listingId: string): Promise<ListingRecord> {
  await tx.$queryRaw`SELECT 1 FROM "Listing" WHERE id = ${listingId} FOR UPDATE`;
  const listing = await tx.listing.findUnique({ where: { id: listingId } });
  if (!listing) throw notFoundError("listing");
  return listing;
}

/** The same for its seller alone: to everybody else the listing does not exist. */
export async function lockOwnListing(tx: Tx, actor: Actor, listingId: string): Promise<ListingRecord> {
  const listing = await lockListing(tx, listingId);
  if (listing.sellerId !== actor.accountId) throw notFoundError("listing");
  return listing;
}
