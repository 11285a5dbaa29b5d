import "server-only";
import type { Tx } from "@/lib/platform/db";
import type { Listing, ModelVersion } from "@/prisma/generated/client";

/** A listing without what only search reads. */
export type ListingFields = Omit<Listing, "searchText">;

/** Listings by their ids, in whatever state; those that do not exist are left out. One query for any number. */
export async function listingsById(
  tx: Pick<Tx, "listing">,
  listingIds: Iterable<string>,
): Promise<Map<string, ListingFields>> {
  const rows = await tx.listing.findMany({ where: { id: { in: [...new Set(listingIds)] } } });
  return new Map(rows.map((row) => [row.id, row]));
}

/** One listing, in whatever state. Throws when it does not exist. */
export async function getListing(tx: Pick<Tx, "listing">, listingId: string): Promise<ListingFields> {
  return tx.listing.findUniqueOrThrow({ where: { id: listingId } });
}

/** Versions by their ids; those that do not exist are left out. One query for any number. */
export async function versionsById(
  tx: Pick<Tx, "modelVersion">,
  versionIds: Iterable<string>,
): Promise<Map<string, ModelVersion>> {
  const rows = await tx.modelVersion.findMany({ where: { id: { in: [...new Set(versionIds)] } } });
  return new Map(rows.map((row) => [row.id, row]));
}

/** One version. Throws when it does not exist. */
export async function getVersion(tx: Pick<Tx, "modelVersion">, versionId: string): Promise<ModelVersion> {
  return tx.modelVersion.findUniqueOrThrow({ where: { id: versionId } });
}
