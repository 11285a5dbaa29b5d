import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { currentTime } from "@/lib/platform/clock";
import type { Tx } from "@/lib/platform/db";
import { refuseUnless } from "@/lib/shared/domain-error";
import { type Deal, agreedPriceMinor, otherParty, partyOf, requireSigned } from "../deal";
import { fulfil } from "../fulfilment";
import type { Party } from "../negotiation";
import { appendEvent, lockDeal, lockOwnDeal, mailParty, saveFulfilment } from "../records";
import { settleDeal } from "./settle";

/**
 * Freezes a deal for a dispute that one of its parties opens, in the caller's transaction: the clocks stop, the
 * payment stays held. Answers the locked deal and the side that opened it. Throws `not_found` for a stranger and
 * `fulfilment_move_refused` where no dispute may begin.
 */
export async function openDisputeOnDeal(
  tx: Tx,
  actor: Actor,
  { dealId, ruleBy }: { dealId: string; ruleBy: Date },
): Promise<{ deal: Deal; party: Party }> {
  const { deal, party } = await lockOwnDeal(tx, actor, dealId);
  requireSigned(deal);
  const now = await currentTime(tx);
  const moved = await saveFulfilment(tx, deal, fulfil(deal, "openDispute", party), now);
  await tx.deal.update({ where: { id: dealId }, data: { deadlineAt: ruleBy } });
  await appendEvent(tx, deal, { kind: "dispute_opened", actorId: actor.accountId, at: now, details: { by: party } });
  await mailParty(tx, deal, otherParty(party), {
    key: `dispute:${now.getTime()}`,
    subject: "A dispute was opened",
    text: `The ${party} says that something is wrong. The clocks stand still; please answer.`,
  });
  return { deal: { ...moved, deadlineAt: ruleBy }, party };
}

/** Puts a deal back where it was when its dispute is withdrawn; that state's clock starts anew. */
export async function withdrawDisputeOnDeal(tx: Tx, actor: Actor, { dealId }: { dealId: string }): Promise<Deal> {
  const { deal, party } = await lockOwnDeal(tx, actor, dealId);
  const now = await currentTime(tx);
  const moved = await saveFulfilment(tx, deal, fulfil(deal, "withdrawDispute", party), now);
  await appendEvent(tx, deal, { kind: "dispute_withdrawn", actorId: actor.accountId, at: now });
  await mailParty(tx, deal, otherParty(party), {
    key: `dispute_withdrawn:${now.getTime()}`,
    subject: "The dispute was withdrawn",
    text: "The deal goes on where it was.",
  });
  return moved;
}

export type RulingOnDeal = { outcome: "release" | "refund" | "split"; buyerMinor: bigint; sellerMinor: bigint };

const moves = { release: "ruleRelease", refund: "ruleRefund", split: "ruleSplit" } as const;
const texts = {
  release: "A moderator ruled: released to the seller",
  refund: "A moderator ruled: refunded to the buyer",
  split: "A moderator ruled: split between you",
} as const;

/**
 * Carries out a moderator's ruling on a disputed deal, in the caller's transaction; who may rule has been checked
 * there. A party never rules. Throws `ruling_unbalanced` unless the two amounts are the held payment and fit the
 * outcome. The fee is taken from the seller's side.
 */
export async function settleByRuling(tx: Tx, actor: Actor, dealId: string, ruling: RulingOnDeal): Promise<Deal> {
  const deal = await lockDeal(tx, dealId);
  refuseUnless(
    partyOf(deal, actor.accountId) === null,
    "conflict_of_interest",
    "A party of the deal cannot rule on it.",
  );
  const { outcome, buyerMinor, sellerMinor } = ruling;
  const price = agreedPriceMinor(deal);
  refuseUnless(
    buyerMinor >= 0n &&
      sellerMinor >= 0n &&
      buyerMinor + sellerMinor === price &&
      (outcome !== "release" || buyerMinor === 0n) &&
      (outcome !== "refund" || sellerMinor === 0n),
    "ruling_unbalanced",
    "The two parts must add up to the held payment and fit the outcome.",
  );
  return settleDeal(tx, deal, {
    move: moves[outcome],
    mover: "moderator",
    actorId: actor.accountId,
    buyerMinor,
    event: "ruled",
    text: texts[outcome],
    now: await currentTime(tx),
  });
}
