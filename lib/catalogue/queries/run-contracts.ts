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
