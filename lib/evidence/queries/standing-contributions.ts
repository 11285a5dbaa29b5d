import "server-only";
import type { Tx } from "@/lib/platform/db";
import { type ClaimRecord, claimRecordOf } from "../records/claims";

/** What listings say now of who contributed to them. */
export async function listStandingContributions(tx: Pick<Tx, "claim">): Promise<ClaimRecord[]> {
  const rows = await tx.claim.findMany({
    where: { kind: "contribution", endedAt: null },
    include: { envelopes: true },
  });
  return rows.map(claimRecordOf);
}
