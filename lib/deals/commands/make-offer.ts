import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { limits } from "@/lib/accounts/limits";
import type { PartName } from "@/lib/catalogue/part";
import { currentTime } from "@/lib/platform/clock";
import { type Tx, inTransaction } from "@/lib/platform/db";
import { DomainError, refuseUnless } from "@/lib/shared/domain-error";
import { parseAmount } from "@/lib/shared/money";
import { hoursAfter } from "../clock";
import { clockHours } from "@/lib/terms/clock-hours";
import type { Deal } from "../deal";
import { type Party, negotiationTransitions } from "../negotiation";
import { type OfferTerms, requireReasonable } from "../offer";
import { appendEvent, mailParty, rightsOf } from "../records";
import { requireSameRequest } from "../same-request";
import type { MakeOfferInput } from "../schemas";
import { getContractSubject, requireOneOff } from "./contract-subject";
import { insertDeal, lockRequest, providerFor, requireBuyer, requireRoomForDeal } from "./open-deal";

/** Opens a negotiation with the buyer's first offer, which binds for 72 hours. The same deal id opens it once. Throws
 * `request_reused` for a deal id that opened something else. */
export async function makeOffer(actor: Actor, input: MakeOfferInput): Promise<{ redirectTo: string }> {
  await inTransaction(async (tx) => {
    await lockRequest(tx, input.dealId);
    const earlier = await tx.deal.findUnique({ where: { id: input.dealId } });
    if (earlier) return requireSameOffer(tx, earlier, actor, input);
    const now = await currentTime(tx);
    const subject = await getContractSubject(tx, input.listingId, input.part);
    await requireBuyer(tx, actor, subject);
    requireOneOff(subject);
    await requireRoomForDeal(tx, { buyerId: actor.accountId, sellerId: subject.listing.sellerId }, now);
    await requireFewOpen(tx, actor);
    const terms = offerTermsOf(input, subject.currency);
    const deal = await insertDeal(tx, {
      dealId: input.dealId,
      buyerId: actor.accountId,
      subject,
      negotiation: negotiationTransitions.makeOffer.to,
      standingOfferId: null,
      agreed: null,
      paymentProvider: await providerFor(tx, terms.priceMinor),
      now,
    });
    await placeOffer(tx, deal, { actor, by: "buyer", number: 1, terms, message: input.message, now });
  });
  return { redirectTo: `/deals/${input.dealId}` };
}

/** The id of the form names one offer: sent again with anything else it is refused, and names what differs. */
async function requireSameOffer(
  tx: Tx,
  earlier: { id: string; buyerId: string; listingId: string; part: PartName; currency: string },
  actor: Actor,
  input: MakeOfferInput,
): Promise<void> {
  if (earlier.buyerId !== actor.accountId) throw new DomainError("not_found", "This deal does not exist.");
  const first = await tx.offer.findUnique({ where: { dealId_number: { dealId: earlier.id, number: 1 } } });
  const { priceMinor, termMonths, rights } = offerTermsOf(input, earlier.currency);
  requireSameRequest(
    first && {
      listingId: earlier.listingId,
      part: earlier.part,
      price: first.priceMinor,
      termMonths: first.termMonths,
      ...rightsOf(first.rights),
      message: first.message,
    },
    {
      listingId: input.listingId,
      part: input.part,
      price: priceMinor,
      termMonths,
      ...rights,
      message: input.message,
    },
  );
}

async function requireFewOpen(tx: Tx, actor: Actor): Promise<void> {
  const open = await tx.deal.count({
    where: { buyerId: actor.accountId, negotiation: { in: ["REQUESTED", "OFFERED"] } },
  });
  refuseUnless(
    open < limits.dealsWaiting,
    "too_many_offers",
    `You have ${limits.dealsWaiting} offers waiting for an answer. Wait for some, or withdraw one.`,
  );
}

type TermsInput = Pick<
  MakeOfferInput,
  "price" | "termMonths" | "useCommercially" | "modify" | "redistribute" | "sublicense" | "fieldOfUse"
>;

/** What was typed, as terms. Throws `amount_invalid`, `price_invalid` or `term_invalid`. */
export function offerTermsOf(input: TermsInput, currency: string): OfferTerms {
  const { price, termMonths, useCommercially, modify, redistribute, sublicense, fieldOfUse } = input;
  const terms = {
    priceMinor: parseAmount(price, currency, "price"),
    termMonths,
    rights: { useCommercially, modify, redistribute, sublicense, fieldOfUse },
  };
  requireReasonable(terms);
  return terms;
}

type Placed = { actor: Actor; by: Party; number: number; terms: OfferTerms; message: string; now: Date };

/** Writes one numbered offer and tells the other side, in the caller's transaction. */
export async function placeOffer(tx: Tx, deal: Deal, placed: Placed): Promise<void> {
  const { actor, by, number, terms, message, now } = placed;
  await tx.offer.create({
    data: {
      dealId: deal.id,
      number,
      by,
      ...terms,
      message,
      expiresAt: hoursAfter(now, clockHours.offer),
      createdAt: now,
    },
  });
  await appendEvent(tx, deal, {
    kind: "offered",
    actorId: actor.accountId,
    at: now,
    details: { by, number, priceMinor: terms.priceMinor.toString() },
  });
  await mailParty(tx, deal, by === "buyer" ? "seller" : "buyer", {
    key: `offer:${number}`,
    subject: number === 1 ? "You have an offer" : "You have a counter-offer",
    text: `The ${by} made offer ${number}. It stands for 72 hours.`,
  });
}
