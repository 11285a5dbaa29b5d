import "server-only";
import type { PartName } from "@/lib/catalogue/part";
import { type Tx, db } from "@/lib/platform/db";
import type { Deal } from "../deal";
import { dealOfRow } from "../records";

/** Deals by their ids, for whoever has made sure that the actor may see them. One query for any number. */
export async function dealsById(
  dealIds: Iterable<string>,
  tx: Pick<Tx, "deal"> = db,
): Promise<Map<string, Deal>> {
  const rows = await tx.deal.findMany({ where: { id: { in: [...new Set(dealIds)] } } });
  return new Map(rows.map((row) => [row.id, dealOfRow(row)]));
}

/** One deal, for whoever has made sure that the actor may see it. Throws when it does not exist. */
export async function getDeal(dealId: string, tx: Pick<Tx, "deal"> = db): Promise<Deal> {
  return dealOfRow(await tx.deal.findUniqueOrThrow({ where: { id: dealId } }));
}

/** Whether the seller ever signed a standing offer for this part, also one that was withdrawn. */
export async function wasStandingOfferSigned(
  tx: Pick<Tx, "standingOffer">,
  listingId: string,
  part: PartName,
): Promise<boolean> {
  return (await tx.standingOffer.count({ where: { listingId, part } })) > 0;
}
