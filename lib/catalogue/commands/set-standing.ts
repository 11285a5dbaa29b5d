import "server-only";
import type { Tx } from "@/lib/platform/db";
import { lockListing } from "../records";
import { Prisma } from "@/prisma/generated/client";
import type { Standing } from "../listed-standing";
import { reindexListing } from "./reindex-listing";

/**
 * Writes what the evidence says of a listing, the figures beside its limitations too, and indexes it again. For
 * right-hand domains, in their transaction.
 */
export async function setStanding(tx: Tx, listingId: string, standing: Standing): Promise<void> {
  await lockListing(tx, listingId);
  await tx.listing.update({ where: { id: listingId }, data: standingColumns(standing) });
  await tx.listingLimitation.updateMany({ where: { listingId }, data: { figure: Prisma.DbNull } });
  for (const { limitationId, figure } of standing.figures) {
    const where = { id: limitationId, listingId };
    await tx.listingLimitation.updateMany({
      where,
      data: { figure: { ...figure, measuredAt: figure.measuredAt.toISOString() } },
    });
  }
  await reindexListing(tx, listingId);
}

/** The columns of a standing on the listing itself. */
export function standingColumns({ cost, ...standing }: Omit<Standing, "figures">) {
  const { evidenceGrade, evidenceAt, envelope, evaluatedRows, judgedLevel } = standing;
  const isKnown = cost.state === "known";
  return {
    ...{ evidenceGrade, evidenceAt, envelope, evaluatedRows, judgedLevel },
    costPer1kCorrectMilli: isKnown ? cost.value : null,
    costPer1kCorrectLowerMilli: isKnown ? cost.lower : null,
    costPer1kCorrectUpperMilli: isKnown ? cost.upper : null,
    costUnknownBecause: isKnown ? null : cost.reason,
  };
}
