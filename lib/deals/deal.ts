import type { PartName } from "@/lib/catalogue/part";
import { DomainError, refuseUnless } from "@/lib/shared/domain-error";
import type { Clock } from "./clock";
import type { FulfilmentFacts } from "./fulfilment";
import type { NegotiationState, Party } from "./negotiation";

/** A contributor's part of what the seller receives, frozen at the first signature. */
export type FrozenShare = { accountId: string | null; name: string; shareBasisPoints: number };

/** A deal as the core sees it. `priceMinor` and `termMonths` are set once the parties agreed. */
export type Deal = FulfilmentFacts &
  Clock & {
    id: string;
    listingId: string;
    versionId: string;
    part: PartName;
    sellerId: string;
    buyerId: string;
    standingOfferId: string | null;
    negotiation: NegotiationState;
    priceMinor: bigint | null;
    currency: string;
    termMonths: number | null;
    feeBasisPoints: number;
    shares: readonly FrozenShare[];
    paymentProvider: string;
    paymentReference: string;
    /** What the clock last found of the acceptance in the log; null until it has proven or refuted it. */
    acceptanceLog: "proven" | "failed" | null;
  };

/** The side an account is on, or null for a stranger, for whom the deal does not exist. */
export function partyOf(deal: Pick<Deal, "buyerId" | "sellerId">, accountId: string): Party | null {
  if (accountId === deal.buyerId) return "buyer";
  return accountId === deal.sellerId ? "seller" : null;
}

/** The side an account is on. Throws `not_found` for a stranger. */
export function requireParty(deal: Pick<Deal, "buyerId" | "sellerId">, accountId: string): Party {
  const party = partyOf(deal, accountId);
  if (!party) throw new DomainError("not_found", "This deal does not exist.");
  return party;
}

export function otherParty(party: Party): Party {
  return party === "buyer" ? "seller" : "buyer";
}

/** Throws `deal_not_signed` unless both signatures stand. */
export function requireSigned(deal: Pick<Deal, "negotiation">): void {
  refuseUnless(
    deal.negotiation === "FINALIZED",
    "deal_not_signed",
    "This comes after both of you have signed.",
  );
}

/** The agreed price in minor units. Throws `deal_not_agreed` while it is negotiated. */
export function agreedPriceMinor(deal: Pick<Deal, "priceMinor">): bigint {
  if (deal.priceMinor === null) throw new DomainError("deal_not_agreed", "There is no agreed price yet.");
  return deal.priceMinor;
}
