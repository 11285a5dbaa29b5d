import "server-only";
import { db } from "@/lib/platform/db";
import { readPool } from "@/lib/platform/read-pool";

/** The digests of all files that were ever listed here, in their order, each once. */
export async function listModelDigests(): Promise<string[]> {
  const versions = await db.modelVersion.findMany({
    where: { modelDigest: { not: null } },
    distinct: ["modelDigest"],
    orderBy: { modelDigest: "asc" },
    select: { modelDigest: true },
  });
  return versions.flatMap(({ modelDigest }) => modelDigest ?? []);
}

/** The manifest of a listed version by its digest: the text whose SHA-256 is the model's identity. */
export async function findManifest(modelDigest: string): Promise<string | null> {
  if (!/^[0-9a-f]{64}$/.test(modelDigest)) return null;
  const version = await db.modelVersion.findFirst({
    where: { modelDigest, model: { listings: { some: { takenDownAt: null } } } },
    select: { manifest: true },
  });
  return version?.manifest ?? null;
}

/** Who sells files of these digests, by digest; digests of files that nobody sells are left out. */
export async function sellersByDigest(digests: Iterable<string>): Promise<Map<string, Set<string>>> {
  const { rows } = await readPool().query<{ modelDigest: string; sellerId: string }>(
    `SELECT DISTINCT version."modelDigest", listing."sellerId" FROM "ModelVersion" AS version
     JOIN "Listing" AS listing ON listing."modelId" = version."modelId"
     WHERE version."modelDigest" = ANY($1) AND listing.status <> 'draft'`,
    [[...new Set(digests)]],
  );
  const sellers = new Map<string, Set<string>>();
  for (const { modelDigest, sellerId } of rows)
    sellers.set(modelDigest, (sellers.get(modelDigest) ?? new Set()).add(sellerId));
  return sellers;
}
