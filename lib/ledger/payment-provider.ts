import { refuseUnless } from "@/lib/shared/domain-error";

/** Who holds money. "none": no provider is set up, so only free licences close. */
export type PaymentProviderName = "demo" | "bank-transfer" | "none";

type ProviderRules = { label: string; holdLimitDays: number };

/**
 * `holdLimitDays`: how long a provider keeps a payment for somebody else. The clocks of a deal must fit inside it.
 * Ninety days is the limit we set for a bank account of the operator's own; the operator may be bound to less.
 */
export const paymentProviders: Record<PaymentProviderName, ProviderRules> = {
  demo: { label: "Simulated money", holdLimitDays: 90 },
  "bank-transfer": { label: "Bank transfer to the operator", holdLimitDays: 90 },
  none: { label: "No payments", holdLimitDays: 0 },
};

/** A receipt above this needs a second operator. Minor units. */
export const SECOND_PERSON_ABOVE_MINOR = 100_000n;

/** Simulated money exists only in demo mode, and real money never does there. */
export function choosePaymentProvider(facts: {
  isDemo: boolean;
  bankTransferDetails: string | undefined;
}): PaymentProviderName {
  if (facts.isDemo) return "demo";
  return facts.bankTransferDetails ? "bank-transfer" : "none";
}

/** Throws `provider_not_here` unless this installation may take this provider's money. */
export function requireUsableProvider(provider: string, isDemo: boolean): void {
  refuseUnless(
    provider === (isDemo ? "demo" : "bank-transfer"),
    "provider_not_here",
    "This payment provider cannot be used on this installation.",
  );
}

type Receipt = { confirmedById: string };

/** Enough different operators have said the same: one, or two above the limit. */
export function isReceiptConfirmed(amountMinor: bigint, receipts: readonly Receipt[]): boolean {
  const people = new Set(receipts.map((receipt) => receipt.confirmedById)).size;
  return people >= (amountMinor > SECOND_PERSON_ABOVE_MINOR ? 2 : 1);
}

const REFERENCE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/** "OFC-7K2M-9QXA" from eight random bytes: easy to type, no 0/O or 1/I. Throws a RangeError for fewer bytes. */
export function paymentReference(random: Uint8Array): string {
  if (random.length < 8) throw new RangeError("A payment reference takes eight random bytes.");
  const letters = Array.from(random.subarray(0, 8), (byte) => REFERENCE_ALPHABET[byte % 32]).join("");
  return `OFC-${letters.slice(0, 4)}-${letters.slice(4)}`;
}
