import "server-only";
import { Prisma } from "@/prisma/generated/client";

/** Whether a published checkpoint covers an envelope, as a condition of a statement that names its SHA-256. */
export function isPublishedSql(envelopeSha256: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`EXISTS (
    SELECT 1 FROM "LogLeaf" l
    WHERE l."envelopeSha256" = ${envelopeSha256} AND l.index < (SELECT max(size) FROM "LogPublished"))`;
}
