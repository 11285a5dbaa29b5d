import "server-only";
import { type Tx, db } from "@/lib/platform/db";

/** Under what title and address others meet a listing, and whose it is. */
export type ListingName = { id: string; slug: string; title: string; sellerId: string };

const select = { id: true, slug: true, title: true, sellerId: true } as const;

/** The names of listings, in whatever state, by their ids. One query for any number. */
export async function listingNamesById(
  listingIds: Iterable<string>,
  tx: Pick<Tx, "listing"> = db,
): Promise<Map<string, ListingName>> {
  const rows = await tx.listing.findMany({ where: { id: { in: [...new Set(listingIds)] } }, select });
  return new Map(rows.map((row) => [row.id, row]));
}

/** The same by their slugs. */
export async function listingNamesBySlug(
  slugs: Iterable<string>,
  tx: Pick<Tx, "listing"> = db,
): Promise<Map<string, ListingName>> {
  const rows = await tx.listing.findMany({ where: { slug: { in: [...new Set(slugs)] } }, select });
  return new Map(rows.map((row) => [row.slug, row]));
}

/** The name of the listing at an address, in whatever state, or null. */
export async function findListingName(
  slug: string,
  tx: Pick<Tx, "listing"> = db,
): Promise<ListingName | null> {
  return tx.listing.findUnique({ where: { slug }, select });
}

/** The name of one listing, in whatever state. Throws when it does not exist. */
export async function getListingName(listingId: string, tx: Pick<Tx, "listing"> = db): Promise<ListingName> {
  return tx.listing.findUniqueOrThrow({ where: { id: listingId }, select });
}

/** The numbers of versions, by their ids. One query for any number. */
export async function versionNumbersById(
  versionIds: Iterable<string>,
  tx: Pick<Tx, "modelVersion"> = db,
): Promise<Map<string, number>> {
  const rows = await tx.modelVersion.findMany({
    where: { id: { in: [...new Set(versionIds)] } },
    select: { id: true, number: true },
  });
  return new Map(rows.map((row) => [row.id, row.number]));
}
