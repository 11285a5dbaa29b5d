import "server-only";
import { revokeLicence } from "@/lib/access/commands";
import { postEntry } from "@/lib/ledger/commands/journal";
import { recordAudit } from "@/lib/platform/audit";
import type { Tx } from "@/lib/platform/db";
import { type Deal, agreedPriceMinor } from "../deal";
import type { SettlementEvent } from "../deal-event";
import { settlementEntry } from "../escrow";
import { type FulfilmentMove, fulfil } from "../fulfilment";
import type { Mover } from "../negotiation";
import { appendEvent, mailParty, saveFulfilment } from "../records";

export type Settlement = {
  move: FulfilmentMove;
  mover: Mover;
  /** Null: the platform's clock. */
  actorId: string | null;
  buyerMinor: bigint;
  event: SettlementEvent["kind"];
  /** What both parties read in their mail. */
  text: string;
  /** What a ruling says, as recorded for the log. */
  envelopeSha256?: string;
  now: Date;
};

/**
 * Ends a locked deal: state, the one settlement entry, licence, event, audit and mails, in the caller's transaction.
 * A refund takes the licence back. The journal refuses a second settlement of the same deal.
 */
export async function settleDeal(tx: Tx, deal: Deal, settlement: Settlement): Promise<Deal> {
  const { move, mover, actorId, buyerMinor, event, text, envelopeSha256, now } = settlement;
  const moved = await saveFulfilment(tx, deal, fulfil(deal, move, mover, now), now);
  const entry = settlementEntry(moved, buyerMinor, text);
  if (entry) await postEntry(tx, entry);
  if (moved.fulfilment === "REFUNDED") await revokeLicence(tx, deal.id, text, now);
  const details = {
    buyerMinor: buyerMinor.toString(),
    sellerMinor: (agreedPriceMinor(deal) - buyerMinor).toString(),
    ...(envelopeSha256 ? { envelopeSha256 } : {}),
  };
  await appendEvent(tx, deal, { kind: event, actorId, at: now, details });
  if (mover !== "moderator") await tellSettled(tx, moved, settlement, details);
  return moved;
}

/** A ruling is told and audited by whoever ruled. */
async function tellSettled(
  tx: Tx,
  deal: Deal,
  { move, actorId, text }: Settlement,
  details: SettlementEvent["details"],
): Promise<void> {
  for (const party of ["buyer", "seller"] as const) {
    await mailParty(tx, deal, party, { key: `settled:${deal.fulfilment}`, subject: text, text: `${text}.` });
  }
  await recordAudit(tx, { actorId, action: `deal.${move}`, subject: ["deal", deal.id], details });
}
