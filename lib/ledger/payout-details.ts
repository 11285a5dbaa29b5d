import { countrySpecs, isValidIBAN } from "ibantools";

/** A change counts so long after it was made; until then the details before it stay in force. */
export const PAYOUT_DETAILS_DELAY_HOURS = 72;

export type StatedDetails = { id: string; details: string; effectiveAt: Date; cancelledAt: Date | null };

/** The details that money goes to now: the last ones that count and were not cancelled. */
export function detailsInForce<D extends StatedDetails>(stated: readonly D[], now: Date): D | null {
  return latest(stated.filter(({ effectiveAt, cancelledAt }) => !cancelledAt && effectiveAt <= now));
}

/** The details that will count later, unless they are cancelled. */
export function detailsThatWait<D extends StatedDetails>(stated: readonly D[], now: Date): D | null {
  return latest(stated.filter(({ effectiveAt, cancelledAt }) => !cancelledAt && effectiveAt > now));
}

function latest<D extends StatedDetails>(stated: readonly D[]): D | null {
  return [...stated].sort((a, b) => b.effectiveAt.getTime() - a.effectiveAt.getTime())[0] ?? null;
}

/** When details begin to count: the first ones at once where nothing is owed yet, all others after the delay. */
export function detailsEffectiveAt(now: Date, facts: { isFirst: boolean; owedMinor: bigint }): Date {
  if (facts.isFirst && facts.owedMinor === 0n) return now;
  return new Date(now.getTime() + PAYOUT_DETAILS_DELAY_HOURS * 3_600_000);
}

/** What is written like an IBAN, right or wrong: a country that has them, two digits, and ten characters or more. */
export function ibansIn(text: string): string[] {
  const found = text.toUpperCase().matchAll(/(?<![A-Z0-9])([A-Z]{2})\d{2}(?:[ \u00a0]?[A-Z0-9]){10,30}/g);
  return [...found].flatMap(([written, country = ""]) => {
    const length = countrySpecs[country]?.chars;
    return length ? [written.replace(/[^A-Z0-9]/g, "").slice(0, length)] : [];
  });
}

/** A sentence where an IBAN in the details is mistyped (ISO 7064, modulo 97, and its country's length); null otherwise. */
export function payoutDetailsProblem(details: string): string | null {
  const wrong = ibansIn(details).find((iban) => !isValidIBAN(iban));
  const isCut = /\bIBAN\b/i.test(details) && ibansIn(details).length === 0;
  if (wrong === undefined && !isCut) return null;
  return wrong ? `${wrong} is no IBAN: check its digits.` : "The IBAN is not whole: check its digits.";
}
