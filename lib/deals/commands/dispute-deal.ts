import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { currentTime } from "@/lib/platform/clock";
import type { Tx } from "@/lib/platform/db";
import { type Deal, otherParty, requireSigned } from "../deal";
import { fulfil } from "../fulfilment";
import { appendEvent, lockOwnDeal, mailParty, saveFulfilment } from "../records";
import { recordStep } from "./record-signature";

/**
 * Freezes a deal for a dispute that one of its parties opens, in the caller's transaction: its clocks stop, the
 * payment stays held. Throws `not_found` for a stranger and `fulfilment_move_refused` where no dispute may begin.
 * That it was opened is recorded for the log, with the envelope of the party's device where there is one; what the
 * dispute says is not. The dispute itself, its statements and its mail are the caller's.
 */
export async function openDisputeOnDeal(
  tx: Tx,
  actor: Actor,
  dealId: string,
  envelope?: string,
): Promise<Deal> {
  const { deal, party } = await lockOwnDeal(tx, actor, dealId);
  requireSigned(deal);
  const now = await currentTime(tx);
  const moved = await saveFulfilment(tx, deal, fulfil(deal, "openDispute", party), now);
  const envelopeSha256 = await recordStep(tx, actor, { dealId, record: "dispute", party, envelope, now });
  await appendEvent(tx, deal, {
    kind: "dispute_opened",
    actorId: actor.accountId,
    at: now,
    details: { by: party, envelopeSha256 },
  });
  return moved;
}

/**
 * Puts a deal back where it was when its dispute is withdrawn; that state's clock starts anew. The caller has checked
 * that the actor opened the dispute.
 */
export async function closeDisputeOnDeal(tx: Tx, actor: Actor, dealId: string): Promise<Deal> {
  const { deal, party } = await lockOwnDeal(tx, actor, dealId);
  const now = await currentTime(tx);
  const moved = await saveFulfilment(tx, deal, fulfil(deal, "withdrawDispute", party), now);
  const envelopeSha256 = await recordStep(tx, actor, { dealId, record: "ruling", party, now });
  await appendEvent(tx, deal, {
    kind: "dispute_withdrawn",
    actorId: actor.accountId,
    at: now,
    details: { envelopeSha256 },
  });
  await mailParty(tx, deal, otherParty(party), {
    key: `dispute_withdrawn:${now.getTime()}`,
    subject: "The dispute was withdrawn",
    text: "The deal goes on where it was, with fresh clocks.",
  });
  return moved;
}
