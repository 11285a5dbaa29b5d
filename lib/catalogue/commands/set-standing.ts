import "server-only";
import type { Tx } from "@/lib/platform/db";
import { lockListing } from "../records";
import type { Standing } from "../standing";
import { reindexListing } from "./reindex-listing";

/** Writes what the evidence says of a listing and indexes it again. For right-hand domains, in their transaction. */
export async function setStanding(tx: Tx, listingId: string, standing: Standing): Promise<void> {
  await lockListing(tx, listingId);
  const { costPer1kCorrectMilli: cost } = standing;
  await tx.listing.update({
    where: { id: listingId },
    data: {
      evidenceGrade: standing.evidenceGrade,
      evidenceAt: standing.evidenceAt,
      envelope: standing.envelope,
      evaluatedRows: standing.evaluatedRows,
      costPer1kCorrectMilli: cost?.value ?? null,
      costPer1kCorrectLowerMilli: cost?.lower ?? null,
      costPer1kCorrectUpperMilli: cost?.upper ?? null,
    },
  });
  await reindexListing(tx, listingId);
}
