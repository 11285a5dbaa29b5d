import "server-only";
import type { PartName } from "@/lib/catalogue/part";
import type { Tx } from "@/lib/platform/db";

/** Whether the seller ever signed a standing offer for this part, also one that was withdrawn. */
export async function wasStandingOfferSigned(
  tx: Pick<Tx, "standingOffer">,
  listingId: string,
  part: PartName,
): Promise<boolean> {
  return (await tx.standingOffer.count({ where: { listingId, part } })) > 0;
}
