import "server-only";
import type { Tx } from "@/lib/platform/db";
import type { ContributorShare, ListingPart } from "@/prisma/generated/client";
import type { PartName } from "../part";
import type { ListingFields } from "./listings";

/** A listing that the public may see, with the parts it offers. */
export type OfferedListing = ListingFields & { isOpen: boolean; parts: ListingPart[] };

/**
 * A listing and what it offers; null for a draft and for one that was taken down. `isOpen` says whether it takes new
 * deals: it is neither paused nor retired nor frozen.
 */
export async function findOfferedListing(
  tx: Pick<Tx, "listing">,
  listingId: string,
): Promise<OfferedListing | null> {
  const row = await tx.listing.findUnique({
    where: { id: listingId },
    include: { parts: { where: { isOffered: true }, orderBy: { part: "asc" } } },
  });
  if (!row || row.takenDownAt || row.status === "draft") return null;
  return { ...row, isOpen: row.status === "open" && !row.frozenAt };
}

/**
 * The shares of those who contributed to a listing, in one order everywhere, so that a rounding remainder always goes
 * to the same person.
 */
export async function listShares(
  tx: Pick<Tx, "contributorShare">,
  listingId: string,
): Promise<ContributorShare[]> {
  return tx.contributorShare.findMany({
    where: { listingId },
    orderBy: [{ shareBasisPoints: "desc" }, { name: "asc" }, { id: "asc" }],
  });
}

/** What demo listings offer for a whole term while they take new deals, by the listings' addresses. */
export async function listDemoParts(
  tx: Pick<Tx, "listingPart">,
): Promise<{ listingId: string; part: PartName; sellerId: string }[]> {
  const rows = await tx.listingPart.findMany({
    where: {
      isOffered: true,
      pricing: { not: "per_1000_calls" },
      listing: { isDemo: true, status: "open", frozenAt: null, takenDownAt: null },
    },
    include: { listing: { select: { sellerId: true } } },
    orderBy: [{ listing: { slug: "asc" } }, { part: "asc" }],
  });
  return rows.map(({ listingId, part, listing }) => ({ listingId, part, sellerId: listing.sellerId }));
}
