import { limits } from "@/lib/accounts/limits";
import { termText } from "@/lib/catalogue/part";
import { type Rights, rightLabels, rightNames } from "@/lib/catalogue/rights";
import { refuseUnless } from "@/lib/shared/domain-error";
import { formatMoney, money } from "@/lib/shared/money";
import type { Party } from "./negotiation";

export type OfferTerms = { priceMinor: bigint; termMonths: number | null; rights: Rights };
export type OpenOffer = OfferTerms & { number: number; by: Party; expiresAt: Date };

export const MAX_OFFERS = limits.offersInDeal;
/** 10 million in a currency with cents: beyond it, write a contract on paper. */
export const MAX_PRICE_MINOR = 1_000_000_000n;

/**
 * The answer is to the very offer that stands. Throws `offer_superseded` when another one has replaced it. Whether it
 * is in time the negotiation's clock says.
 */
export function requireAnswerable(offer: OpenOffer | null, answeredNumber: number): OpenOffer {
  refuseUnless(
    offer && offer.number === answeredNumber,
    "offer_superseded",
    "Another offer has taken this one's place. Read it, then answer that one.",
  );
  return offer;
}

/** Throws `price_invalid` or `term_invalid` for what no licence can have. */
export function requireReasonable(terms: Pick<OfferTerms, "priceMinor" | "termMonths">): void {
  refuseUnless(
    terms.priceMinor >= 0n && terms.priceMinor <= MAX_PRICE_MINOR,
    "price_invalid",
    "The price is out of range.",
  );
  refuseUnless(
    terms.termMonths === null ||
      (Number.isInteger(terms.termMonths) && terms.termMonths >= 1 && terms.termMonths <= 120),
    "term_invalid",
    "A term is 1 to 120 months, or perpetual.",
  );
}

export type Change = { what: string; before: string; after: string };

/** What differs between two offers, in words; empty when they say the same. */
export function changesBetween(before: OfferTerms, after: OfferTerms, currency: string): Change[] {
  const [old, next] = [linesOf(before, currency), linesOf(after, currency)];
  return old.flatMap(({ what, value }, index) => {
    const changed = next[index];
    return changed && changed.value !== value ? [{ what, before: value, after: changed.value }] : [];
  });
}

const answers = { yes: "yes", no: "no", not_stated: "not granted" } as const;

function linesOf({ priceMinor, termMonths, rights }: OfferTerms, currency: string) {
  return [
    { what: "Price", value: formatMoney(money(priceMinor, currency)) },
    { what: "Term", value: termText(termMonths) },
    ...rightNames.map((name) => ({ what: rightLabels[name], value: answers[rights[name]] })),
    { what: "Only for", value: rights.fieldOfUse ?? "any field" },
  ];
}
