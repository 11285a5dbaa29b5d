import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { currentTime } from "@/lib/platform/clock";
import type { Tx } from "@/lib/platform/db";
import { type Deal, otherParty, requireSigned } from "../deal";
import { fulfil } from "../fulfilment";
import { appendEvent, lockOwnDeal, mailParty, saveFulfilment } from "../records";

/**
 * Freezes a deal for a dispute that one of its parties opens, in the caller's transaction: its clocks stop, the
 * payment stays held. Throws `not_found` for a stranger and `fulfilment_move_refused` where no dispute may begin.
 * The dispute itself, its statements and its mail are the caller's.
 */
export async function openDisputeOnDeal(tx: Tx, actor: Actor, dealId: string): Promise<Deal> {
  const { deal, party } = await lockOwnDeal(tx, actor, dealId);
  requireSigned(deal);
  const now = await currentTime(tx);
  const moved = await saveFulfilment(tx, deal, fulfil(deal, "openDispute", party), now);
  await appendEvent(tx, deal, {
    kind: "dispute_opened",
    actorId: actor.accountId,
    at: now,
    details: { by: party },
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
  await appendEvent(tx, deal, { kind: "dispute_withdrawn", actorId: actor.accountId, at: now });
  await mailParty(tx, deal, otherParty(party), {
    key: `dispute_withdrawn:${now.getTime()}`,
    subject: "The dispute was withdrawn",
    text: "The deal goes on where it was, with fresh clocks.",
  });
  return moved;
}
