import "server-only";
import { type Tx, db } from "@/lib/platform/db";
import { Prisma, type VersionFile } from "@/prisma/generated/client";
import type { PartName } from "../part";

/** The files that the platform holds of a version, or of one part of it. */
export async function filesOfVersion(
  tx: Pick<Tx, "versionFile">,
  versionId: string,
  part?: PartName,
): Promise<VersionFile[]> {
  return tx.versionFile.findMany({ where: { versionId, part } });
}

/** The files of several versions, by their digests. One query for any number. */
export async function filesOfVersions(
  tx: Pick<Tx, "versionFile">,
  versionIds: readonly string[],
): Promise<Pick<VersionFile, "versionId" | "sha256" | "path" | "part">[]> {
  return tx.versionFile.findMany({
    where: { versionId: { in: [...versionIds] } },
    select: { versionId: true, sha256: true, path: true, part: true },
  });
}

/** Of which parts of a version the platform holds files. */
export type HeldParts = (versionId: string, part: PartName) => boolean;

/** The same question about any number of versions, answered by one query. */
export async function findHeldParts(
  versionIds: Iterable<string>,
  tx: Pick<Tx, "versionFile"> = db,
): Promise<HeldParts> {
  const rows = await tx.versionFile.groupBy({
    by: ["versionId", "part"],
    where: { versionId: { in: [...new Set(versionIds)] } },
  });
  const held = new Set(rows.map((row) => `${row.versionId}:${row.part}`));
  return (versionId, part) => held.has(`${versionId}:${part}`);
}

/** The same as a condition of a statement, about a version and a part that it names. */
export function isHeldSql(versionId: Prisma.Sql, part: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`EXISTS (
    SELECT 1 FROM "VersionFile" f WHERE f."versionId" = ${versionId} AND f.part = ${part})`;
}
