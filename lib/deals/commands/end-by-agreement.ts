import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { limits, requireRoom } from "@/lib/accounts/limits";
import { currentTime } from "@/lib/platform/clock";
import { refuseUnless } from "@/lib/shared/domain-error";
import { formatMoney, money, parseAmount } from "@/lib/shared/money";
import { agreedPriceMinor, otherParty, requireSigned } from "../deal";
import { fulfil } from "../fulfilment";
import { appendEvent, findSplitProposal, onOwnDeal, mailParty } from "../records";
import type { AcceptSplitInput, DealInput, ProposeSplitInput } from "../schemas";
import { settleDeal } from "./settle";

/** The seller gives everything back, which needs nobody's consent and ends the licence. */
export async function giveBack(actor: Actor, input: DealInput): Promise<{ message: string }> {
  await onOwnDeal(actor, input.dealId, async (tx, { deal, party }) => {
    requireSigned(deal);
    if (party === "seller" && deal.fulfilment === "REFUNDED") return;
    await settleDeal(tx, deal, {
      move: "giveBack",
      mover: party,
      actorId: actor.accountId,
      buyerMinor: agreedPriceMinor(deal),
      event: "refunded",
      text: "The seller gave the payment back",
      now: await currentTime(tx),
    });
  });
  return { message: "The payment goes back to the buyer." };
}

/** Proposes to end the deal with this much for the buyer and the rest for the seller. Nothing moves yet. */
export async function proposeSplit(actor: Actor, input: ProposeSplitInput): Promise<{ message: string }> {
  await onOwnDeal(actor, input.dealId, async (tx, { deal, party }) => {
    requireSigned(deal);
    const now = await currentTime(tx);
    // Nothing moves yet: only whether it might.
    fulfil(deal, "agreeOnSplit", party, now);
    const buyerMinor = parseAmount(input.buyerAmount, deal.currency);
    refuseUnless(
      buyerMinor > 0n && buyerMinor < agreedPriceMinor(deal),
      "split_invalid",
      "A split gives the buyer more than nothing and less than everything.",
    );
    const proposed = await tx.dealEvent.count({
      where: { dealId: deal.id, kind: "split_proposed", actorId: actor.accountId },
    });
    requireRoom(
      proposed,
      limits.splitsInDeal,
      `You have proposed ${limits.splitsInDeal} splits. Write a message instead.`,
    );
    await appendEvent(tx, deal, {
      kind: "split_proposed",
      actorId: actor.accountId,
      at: now,
      details: { by: party, buyerMinor: buyerMinor.toString() },
    });
    await mailParty(tx, deal, otherParty(party), {
      key: `split:${now.getTime()}`,
      subject: "A split was proposed",
      text: `The ${party} proposes that ${formatMoney(money(buyerMinor, deal.currency))} go back to the buyer and the rest to the seller.`,
    });
  });
  return { message: "Proposed. The other side can accept it here." };
}

/** Accepts the very proposal shown, if it is still the last word; the deal ends split. */
export async function acceptSplit(actor: Actor, input: AcceptSplitInput): Promise<{ message: string }> {
  await onOwnDeal(actor, input.dealId, async (tx, { deal, party }) => {
    requireSigned(deal);
    const proposal = await findSplitProposal(tx, deal);
    refuseUnless(
      proposal && proposal.id === input.proposalId && proposal.by === otherParty(party),
      "proposal_superseded",
      "This proposal no longer stands.",
    );
    await settleDeal(tx, deal, {
      move: "agreeOnSplit",
      mover: party,
      actorId: actor.accountId,
      buyerMinor: proposal.buyerMinor,
      event: "split",
      text: "Both agreed on a split",
      now: await currentTime(tx),
    });
  });
  return { message: "Settled." };
}
