import "server-only";
import { setStanding } from "@/lib/catalogue/commands/set-standing";
import { listMeasurable, listParts } from "@/lib/catalogue/queries/listing-details";
import { getVersion } from "@/lib/catalogue/queries/listings";
import { lockListing } from "@/lib/catalogue/records";
import type { Tx } from "@/lib/platform/db";
import { standingOf } from "../evidence-standing";
import { computeRate } from "../queries/leading-evaluation";
import { listSignedEvaluations, signedEvaluationOf } from "../records/evaluations";

/**
 * Writes a listing's standing anew from its signed evaluations, its level, its prices and its limitations. Call it in the
 * transaction of every change to one of these: publishing, revising, a new evaluation, one taken back.
 */
export async function refreshStanding(tx: Tx, listingId: string): Promise<void> {
  const listing = await lockListing(tx, listingId);
  const version = await getVersion(listing.versionId, tx);
  const parts = await listParts(tx, listingId);
  const evaluations = await listSignedEvaluations(tx, listingId, version);
  const standing = standingOf(
    evaluations.map(signedEvaluationOf),
    {
      level: listing.declaredLevel === null ? null : Number(listing.declaredLevel),
      isEndpoint: version.kind === "endpoint",
      parts,
    },
    await listMeasurable(tx, listingId),
    computeRate(),
  );
  await setStanding(tx, listingId, standing);
}
