import "server-only";
import { type Tx, db } from "@/lib/platform/db";
import type { ListingFields } from "./rows-by-id";

/** The listing at an address, in whatever state; null when there is none. */
export async function findListingBySlug(
  slug: string,
  tx: Pick<Tx, "listing"> = db,
): Promise<ListingFields | null> {
  return tx.listing.findUnique({ where: { slug } });
}

export type OpenListing = ListingFields & {
  /** The accounts that take a share of its proceeds, its seller first. */
  beneficiaryIds: string[];
};

/** The listing at an address while it can be bought; null otherwise. */
export async function findOpenListing(slug: string): Promise<OpenListing | null> {
  const row = await db.listing.findFirst({
    where: { slug, status: "open", takenDownAt: null, frozenAt: null },
    include: { contributors: { select: { accountId: true } } },
  });
  if (!row) return null;
  const { contributors, ...listing } = row;
  const shared = contributors.flatMap(({ accountId }) => accountId ?? []);
  return { ...listing, beneficiaryIds: [listing.sellerId, ...shared] };
}
