import "server-only";
import { type Tx, db } from "@/lib/platform/db";
import type { Listing, ModelVersion } from "@/prisma/generated/client";

/** A listing without what only search reads. */
export type ListingFields = Omit<Listing, "searchText">;

/** Listings by their ids, in whatever state; those that do not exist are left out. One query for any number. */
export async function listingsById(
  listingIds: Iterable<string>,
  tx: Pick<Tx, "listing"> = db,
): Promise<Map<string, ListingFields>> {
  const rows = await tx.listing.findMany({ where: { id: { in: [...new Set(listingIds)] } } });
  return new Map(rows.map((row) => [row.id, row]));
}

/** One listing, in whatever state. Throws when it does not exist. */
export async function getListing(listingId: string, tx: Pick<Tx, "listing"> = db): Promise<ListingFields> {
  return tx.listing.findUniqueOrThrow({ where: { id: listingId } });
}

/** Versions by their ids; those that do not exist are left out. One query for any number. */
export async function versionsById(
  versionIds: Iterable<string>,
  tx: Pick<Tx, "modelVersion"> = db,
): Promise<Map<string, ModelVersion>> {
  const rows = await tx.modelVersion.findMany({ where: { id: { in: [...new Set(versionIds)] } } });
  return new Map(rows.map((row) => [row.id, row]));
}

/** One version. Throws when it does not exist. */
export async function getVersion(
  versionId: string,
  tx: Pick<Tx, "modelVersion"> = db,
): Promise<ModelVersion> {
  return tx.modelVersion.findUniqueOrThrow({ where: { id: versionId } });
}

/** The listing at an address, in whatever state; null when there is none. */
export async function findListingBySlug(
  slug: string,
  tx: Pick<Tx, "listing"> = db,
): Promise<ListingFields | null> {
  return tx.listing.findUnique({ where: { slug } });
}

/**
 * The seller of a listing and the accounts that take a share of this or another listing of theirs. Who rejected what a
 * listing says of them takes none.
 */
export async function listBeneficiaries(
  { sellerId }: { sellerId: string },
  tx: Pick<Tx, "contributorShare"> = db,
): Promise<string[]> {
  const shares = await tx.contributorShare.findMany({
    where: { listing: { sellerId }, accountId: { not: null }, status: { not: "rejected" } },
    select: { accountId: true },
    distinct: ["accountId"],
  });
  return [sellerId, ...shares.flatMap(({ accountId }) => accountId ?? [])];
}

export type OpenListing = ListingFields & {
  /** See `listBeneficiaries`. */
  beneficiaryIds: string[];
};

/** The listing at an address while it can be bought; null otherwise. */
export async function findOpenListing(slug: string): Promise<OpenListing | null> {
  const listing = await db.listing.findFirst({
    where: { slug, status: "open", takenDownAt: null, frozenAt: null },
  });
  return listing && { ...listing, beneficiaryIds: await listBeneficiaries(listing) };
}
