import "server-only";
import { randomBytes } from "node:crypto";
import type { Actor } from "@/lib/accounts/actor";
import { requireVerified } from "@/lib/accounts/queries/accounts";
import type { PartName } from "@/lib/catalogue/part";
import { currentTime } from "@/lib/platform/clock";
import type { Tx } from "@/lib/platform/db";
import { refuseUnless } from "@/lib/shared/domain-error";
import { type Deal, otherParty } from "../deal";
import { contractTerms } from "@/lib/terms/draw-contract";
import { type Party, negotiate, withdrawalOf } from "../negotiation";
import { MAX_OFFERS, type OpenOffer, requireAnswerable } from "../offer";
import { appendEvent, closeOffer, findOpenOffer, onOwnDeal, mailParty, saveNegotiation } from "../records";
import type { AnswerOfferInput, CounterOfferInput, DealInput } from "../schemas";
import { getDealSubject, personOf } from "./contract-subject";
import { offerTermsOf, placeOffer } from "./make-offer";
import { insertContract, providerFor } from "./open-deal";

/** Answers the other side's offer with another one, which takes its place. */
export async function counterOffer(actor: Actor, input: CounterOfferInput): Promise<{ message: string }> {
  await onOwnDeal(actor, input.dealId, async (tx, { deal, party }) => {
    await requireVerified(actor, tx);
    const now = await currentTime(tx);
    const move = party === "seller" ? "counterAsSeller" : "counterAsBuyer";
    const to = negotiate(deal, move, party, now);
    const open = requireAnswerable(await findOpenOffer(tx, deal.id), input.answers);
    refuseUnless(
      open.number < MAX_OFFERS,
      "too_many_offers",
      `A negotiation has at most ${MAX_OFFERS} offers.`,
    );
    const terms = offerTermsOf(input, deal.currency);
    await providerFor(tx, terms.priceMinor);
    await closeOffer(tx, deal.id, open.number, "countered");
    const moved = await saveNegotiation(tx, deal, to, now);
    const number = open.number + 1;
    await placeOffer(tx, moved, { actor, by: party, number, terms, message: input.message, now });
  });
  return { message: "Your counter-offer is with the other side." };
}

/**
 * Accepts the other side's offer by its number and writes the contract down. A seller's acceptance agrees at once; a
 * buyer's does too, because a seller's offer binds for its 72 hours.
 */
export async function acceptOffer(actor: Actor, input: AnswerOfferInput): Promise<{ message: string }> {
  await onOwnDeal(actor, input.dealId, async (tx, { deal, party }) => {
    await requireVerified(actor, tx);
    const now = await currentTime(tx);
    const move = party === "seller" ? "acceptAsSeller" : "acceptAsBuyer";
    const to = negotiate(deal, move, party, now);
    const offer = requireAnswerable(await findOpenOffer(tx, deal.id), input.answers);
    await closeOffer(tx, deal.id, offer.number, "accepted");
    const agreed = { priceMinor: offer.priceMinor, termMonths: offer.termMonths };
    let moved = await saveNegotiation(tx, deal, to, now, agreed);
    if (moved.negotiation === "ACCEPTED") {
      moved = await saveNegotiation(tx, moved, negotiate(moved, "agree", "system", now), now);
    }
    await drawContract(tx, moved, offer, now);
    await appendEvent(tx, deal, {
      kind: "agreed",
      actorId: actor.accountId,
      at: now,
      details: { by: party, number: offer.number },
    });
    await mailParty(tx, deal, otherParty(party), {
      key: `agreed:${offer.number}`,
      subject: "Your offer was accepted",
      text: "The contract is written down. It needs both signatures within 72 hours.",
    });
  });
  return { message: "Accepted. The contract is ready to sign." };
}

async function drawContract(tx: Tx, deal: Deal, offer: OpenOffer, now: Date): Promise<void> {
  const subject = await getDealSubject(tx, deal);
  const terms = contractTerms({
    ...subject,
    part: deal.part as PartName,
    dealId: deal.id,
    saltHex: randomBytes(32).toString("hex"),
    seller: await personOf(tx, deal.sellerId),
    buyer: await personOf(tx, deal.buyerId),
    priceMinor: offer.priceMinor,
    currency: deal.currency,
    termMonths: offer.termMonths,
    rights: offer.rights,
    feeBasisPoints: deal.feeBasisPoints,
    basis: { offerNumber: offer.number },
  });
  await insertContract(tx, deal.id, terms, now);
}

/** Turns the other side's offer down, which ends the negotiation. */
export async function declineOffer(actor: Actor, input: AnswerOfferInput): Promise<{ message: string }> {
  await onOwnDeal(actor, input.dealId, async (tx, { deal, party }) => {
    const now = await currentTime(tx);
    const offer = requireAnswerable(await findOpenOffer(tx, deal.id), input.answers);
    refuseUnless(
      offer.by !== party,
      "negotiation_move_refused",
      "This is your own offer: withdraw it instead.",
    );
    await end(tx, deal, { actor, party, kind: "declined", now });
  });
  return { message: "Declined. The negotiation has ended." };
}

/** Gives a negotiation up, where the table lets this party. */
export async function withdraw(actor: Actor, input: DealInput): Promise<{ message: string }> {
  await onOwnDeal(actor, input.dealId, async (tx, { deal, party }) => {
    await end(tx, deal, { actor, party, kind: "withdrawn", now: await currentTime(tx) });
  });
  return { message: "Withdrawn. The negotiation has ended." };
}

type End = { actor: Actor; party: Party; kind: "declined" | "withdrawn"; now: Date };

async function end(tx: Tx, deal: Deal, { actor, party, kind, now }: End): Promise<void> {
  const move = withdrawalOf(deal, party);
  refuseUnless(
    move,
    "negotiation_move_refused",
    "This is no longer possible: the deal has moved on. What stands now is shown below.",
  );
  const to = negotiate(deal, move, party, now);
  const offer = await findOpenOffer(tx, deal.id);
  if (offer) await closeOffer(tx, deal.id, offer.number, "declined");
  await saveNegotiation(tx, deal, to, now);
  await appendEvent(tx, deal, { kind, actorId: actor.accountId, at: now, details: { by: party } });
  await mailParty(tx, deal, otherParty(party), {
    key: kind,
    subject: "The negotiation has ended",
    text: `The ${party} has ${kind === "declined" ? "declined the offer" : "withdrawn"}. Nothing is owed.`,
  });
}
