import "server-only";
import type { Tx } from "@/lib/platform/db";
import { lockListing } from "../records";
import { Prisma } from "@/prisma/generated/client";
import type { Limitation } from "../limitation";
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

/** Puts measured figures beside the limitations that a listing states as present. For evidence, in its transaction. */
export async function measureLimitations(
  tx: Tx,
  listingId: string,
  measured: readonly Pick<Limitation, "type" | "effect">[],
): Promise<void> {
  for (const { type, effect } of measured) {
    if (!effect) continue;
    await tx.listingLimitation.updateMany({
      where: { listingId, type, presence: "present" },
      data: { effect, source: "measured" },
    });
  }
}

/** Takes every figure off a listing's limitations: they stand as declared until an evaluation is signed. */
export async function withdrawFigures(tx: Tx, listingId: string): Promise<void> {
  await tx.listingLimitation.updateMany({
    where: { listingId },
    data: { effect: Prisma.DbNull, source: "declared" },
  });
}
