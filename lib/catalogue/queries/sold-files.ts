import "server-only";
import type { Tx } from "@/lib/platform/db";

/** Those of these digests of files that a listing of the account offers or offered, in whatever state it is. */
export async function listSoldFiles(
  tx: Pick<Tx, "modelVersion">,
  accountId: string,
  modelDigests: readonly string[],
): Promise<Set<string>> {
  if (modelDigests.length === 0) return new Set();
  const rows = await tx.modelVersion.findMany({
    where: {
      modelDigest: { in: [...modelDigests] },
      model: { listings: { some: { sellerId: accountId } } },
    },
    select: { modelDigest: true },
  });
  return new Set(rows.flatMap(({ modelDigest }) => modelDigest ?? []));
}
