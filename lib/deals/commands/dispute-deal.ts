import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { currentTime } from "@/lib/platform/clock";
import type { Tx } from "@/lib/platform/db";
import { type Deal, otherParty, requireSigned } from "../deal";
import { fulfil } from "../fulfilment";
import type { Party } from "../negotiation";
import { appendEvent, lockOwnDeal, mailParty, saveFulfilment } from "../records";
import { recordStep } from "./record-signature";

/**
 * Freezes a deal for a dispute that one of its parties opens, in the caller's transaction: its clocks stop, the
 * payment stays held. Throws `not_found` for a stranger, `fulfilment_move_refused` where no dispute may begin and
 * `already_disputed` for a party that has opened one before. That it was opened is recorded for the log, with the envelope of the party's device where there is one; what the
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
  const moved = await saveFulfilment(tx, deal, fulfil(deal, "openDispute", party, now), now);
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
 * Puts a deal back where it was when who opened its dispute withdraws it; that state's clock starts anew, in full, so
 * that the other side has all its time to object. Throws `fulfilment_move_refused` for anybody else.
 */
export async function closeDisputeOnDeal(tx: Tx, actor: Actor, dealId: string): Promise<Deal> {
  const { deal, party } = await lockOwnDeal(tx, actor, dealId);
  const now = await currentTime(tx);
  const moved = await saveFulfilment(tx, deal, fulfil(deal, "withdrawDispute", party, now), now);
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
    text: withdrawnText(moved, otherParty(party)),
  });
  return moved;
}

function withdrawnText(deal: Deal, reader: Party): string {
  const until = deal.deadlineAt
    ? `, and its clock starts anew: it ends at ${deal.deadlineAt.toUTCString()}`
    : "";
  const goesOn = `The deal goes on where it was${until}.`;
  return deal.disputants.includes(reader)
    ? goesOn
    : `${goesOn} What you said in the dispute is no objection by itself. If something is wrong, open one of your own.`;
}
