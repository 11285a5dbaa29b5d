import "server-only";
import { db } from "@/lib/platform/db";
import { isRelated, type RelationName, relationNames } from "../file-relation";

/** Another listing that offers a file of the same digest. */
export type SameFile = {
  listingId: string;
  slug: string;
  title: string;
  path: string;
  sha256: string;
  /** False while the flag stands. */
  isRelated: boolean;
  /** What either seller has stated so far. */
  statements: { isBySeller: boolean; relation: RelationName }[];
};

type Match = {
  listingId: string;
  slug: string;
  title: string;
  sellerId: string;
  ownSellerId: string;
  path: string;
  sha256: string;
};

/** The listings that hold a file of this listing's current version, one row for each, taken-down ones left out. */
export async function listSameFiles(listingId: string): Promise<SameFile[]> {
  const matches = await db.$queryRaw<Match[]>`
    SELECT DISTINCT ON (o.id) o.id AS "listingId", o.slug, o.title, o."sellerId", l."sellerId" AS "ownSellerId",
      f.path, f.sha256
    FROM "Listing" l
    JOIN "VersionFile" f ON f."versionId" = l."versionId"
    JOIN "VersionFile" g ON g.sha256 = f.sha256
    JOIN "Listing" o ON o."versionId" = g."versionId" AND o.id <> l.id
    WHERE l.id = ${listingId} AND o."takenDownAt" IS NULL AND o.status <> 'draft'
    ORDER BY o.id, f."sizeBytes" DESC, f.path
    LIMIT 20`;
  if (matches.length === 0) return [];
  const others = matches.map((match) => match.listingId);
  const relations = await db.fileRelation.findMany({
    where: {
      OR: [
        { listingId, otherListingId: { in: others } },
        { listingId: { in: others }, otherListingId: listingId },
      ],
    },
  });
  return matches.map(({ sellerId, ownSellerId, ...match }) => {
    const statements = relations
      .filter((one) => one.listingId === match.listingId || one.otherListingId === match.listingId)
      .flatMap(({ statedById, relation }) => {
        const name = relationNames.find((known) => known === relation);
        return name ? [{ statedById, relation: name }] : [];
      });
    return {
      ...match,
      isRelated: isRelated(ownSellerId, sellerId, statements),
      statements: statements.map(({ statedById, relation }) => ({
        isBySeller: statedById === ownSellerId,
        relation,
      })),
    };
  });
}
