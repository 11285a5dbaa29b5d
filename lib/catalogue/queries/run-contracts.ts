import "server-only";
import { type Tx, db } from "@/lib/platform/db";

/** How a version is run, as `lib/inference` wrote it; null where it is not run here or there is no such version. */
export async function findRunContract(
  versionId: string,
  tx: Pick<Tx, "modelVersion"> = db,
): Promise<unknown> {
  const version = await tx.modelVersion.findUnique({
    where: { id: versionId },
    select: { runContract: true },
  });
  return version?.runContract ?? null;
}

/** The contract of this digest, where a version that is not taken down is run by it. */
export async function findListedContract(runContractSha256: string): Promise<unknown> {
  if (!/^[0-9a-f]{64}$/.test(runContractSha256)) return null;
  const version = await db.modelVersion.findFirst({
    where: { runContractSha256, model: { listings: { some: { takenDownAt: null } } } },
    select: { runContract: true },
  });
  return version?.runContract ?? null;
}
