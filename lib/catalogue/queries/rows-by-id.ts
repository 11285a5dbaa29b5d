import "server-only";
import { type Tx, db } from "@/lib/platform/db";
import type { Listing, ModelVersion } from "@/prisma/generated/client";

/** A listing without what only search reads. */
export type ListingRow = Omit<Listing, "searchText">;

/** Listings by their ids, in whatever state; those that do not exist are left out. One query for any number. */
export async function listingsById(
  listingIds: Iterable<string>,
  tx: Pick<Tx, "listing"> = db,
): Promise<Map<string, ListingRow>> {
  const rows = await tx.listing.findMany({ where: { id: { in: [...new Set(listingIds)] } } });
  return new Map(rows.map((row) => [row.id, row]));
}

/** One listing, in whatever state. Throws when it does not exist. */
export async function getListing(listingId: string, tx: Pick<Tx, "listing"> = db): Promise<ListingRow> {
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
