import "server-only";
import { readPool } from "@/lib/platform/read-pool";

/** A version on the market that holds a file, and what the file is called there. */
export type VersionWithFile = {
  slug: string;
  title: string;
  modelDigest: string;
  number: number;
  path: string;
  /** It is the version on offer now. */
  isCurrent: boolean;
};

const MOST = 20;

/**
 * Versions of public listings that hold a file with this SHA-256, those on offer first; at most 20. Drafts and what a
 * moderator took down do not exist here.
 */
export async function listVersionsWithFile(sha256: string): Promise<VersionWithFile[]> {
  if (!/^[0-9a-f]{64}$/.test(sha256)) return [];
  const { rows } = await readPool().query<VersionWithFile>(
    `SELECT listing.slug, listing.title, version."modelDigest", version.number, min(file.path) AS path,
       listing."versionId" = version.id AS "isCurrent"
     FROM "VersionFile" AS file
     JOIN "ModelVersion" AS version ON version.id = file."versionId" AND version."modelDigest" IS NOT NULL
     JOIN "Listing" AS listing ON listing."modelId" = version."modelId"
     WHERE file.sha256 = $1 AND listing."takenDownAt" IS NULL AND listing.status <> 'draft'
     GROUP BY listing.id, version.id
     ORDER BY "isCurrent" DESC, listing."publishedAt", listing.slug, version.number DESC
     LIMIT ${MOST}`,
    [sha256],
  );
  return rows;
}
