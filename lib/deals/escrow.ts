import {
  type CashProvider,
  FEES_ACCOUNT,
  cashAccount,
  escrowAccount,
  payableAccount,
  receivedAccount,
  unclaimedAccount,
} from "@/lib/ledger/chart-of-accounts";
import type { LedgerPreview } from "@/lib/ledger/balance";
import { type JournalEntry, type Line, journalEntry } from "@/lib/ledger/journal-entry";
import { DomainError, refuseUnless } from "@/lib/shared/domain-error";
import { money, splitByBasisPoints } from "@/lib/shared/money";
import { type Deal, type FrozenShare, agreedPriceMinor } from "./deal";

export type EscrowDeal = Pick<
  Deal,
  "id" | "sellerId" | "buyerId" | "priceMinor" | "currency" | "feeBasisPoints" | "shares" | "paymentProvider"
>;

/** The platform's fee on an amount, rounded down so that the remainder stays with the seller. Minor units. */
export function feeOn(amountMinor: bigint, feeBasisPoints: number): bigint {
  return (amountMinor * BigInt(feeBasisPoints)) / 10_000n;
}

export type Payee = {
  account: string;
  name: string;
  role: "seller" | "contributor" | "fee";
  amountMinor: bigint;
};

/**
 * Who gets what of an amount that goes to the seller's side: the fee first, then the seller and the frozen shares.
 * The parts add up to the amount exactly. Throws `shares_invalid` when the shares exceed the whole.
 */
export function payeesOf(deal: EscrowDeal, amountMinor: bigint): Payee[] {
  const fee = feeOn(amountMinor, deal.feeBasisPoints);
  const shared = deal.shares.reduce((sum, share) => sum + share.shareBasisPoints, 0);
  const [seller = 0n, ...contributors] = splitByBasisPoints(amountMinor - fee, [
    10_000 - shared,
    ...deal.shares.map((share) => share.shareBasisPoints),
  ]);
  return [
    { account: payableAccount(deal.sellerId), name: "Seller", role: "seller", amountMinor: seller },
    ...deal.shares.map((share, index) => ({
      account: shareAccount(deal.id, share, index),
      name: share.name,
      role: "contributor" as const,
      amountMinor: contributors[index] ?? 0n,
    })),
    { account: FEES_ACCOUNT, name: "Fee", role: "fee", amountMinor: fee },
  ];
}

function shareAccount(dealId: string, share: FrozenShare, index: number): string {
  return share.accountId ? payableAccount(share.accountId) : unclaimedAccount(dealId, index);
}

/**
 * The payment is held for the deal: it arrives at the provider, or is a transfer that was received before. Null for a
 * licence at no price.
 */
export function fundEntry(deal: EscrowDeal, transferId: string | null = null): JournalEntry | null {
  const price = agreedPriceMinor(deal);
  if (price === 0n) return null;
  const from = transferId ? receivedAccount(transferId) : cashAccount(cashProviderOf(deal));
  return journalEntry(entryFacts(deal, "fund", "Payment received and held"), [
    { account: from, debit: money(price, deal.currency) },
    { account: escrowAccount(deal.id), credit: money(price, deal.currency) },
  ]);
}

/** Everything goes to the seller's side. */
export function releaseEntry(deal: EscrowDeal): JournalEntry | null {
  return settlementEntry(deal, 0n, "Held payment released");
}

/** Everything goes back to the buyer; no fee is taken. */
export function refundEntry(deal: EscrowDeal): JournalEntry | null {
  return settlementEntry(deal, agreedPriceMinor(deal), "Held payment returned");
}

/**
 * The buyer gets `buyerMinor`, the seller's side the rest less the fee on that rest, so the escrow account returns to
 * zero. Throws `split_invalid` for an amount outside the price. Null when nothing was held.
 */
export function settlementEntry(
  deal: EscrowDeal,
  buyerMinor: bigint,
  description: string,
): JournalEntry | null {
  const price = agreedPriceMinor(deal);
  refuseUnless(
    buyerMinor >= 0n && buyerMinor <= price,
    "split_invalid",
    "The parts must be positive and add up to the held payment.",
  );
  if (price === 0n) return null;
  const credit = ({ account, amountMinor }: { account: string; amountMinor: bigint }): Line => ({
    account,
    credit: money(amountMinor, deal.currency),
  });
  return journalEntry(entryFacts(deal, "settle", description), [
    { account: escrowAccount(deal.id), debit: money(price, deal.currency) },
    credit({ account: payableAccount(deal.buyerId), amountMinor: buyerMinor }),
    ...payeesOf(deal, price - buyerMinor).map(credit),
  ]);
}

/** What a settlement would do, before anybody confirms it. Lines of nothing are left out. */
export function previewSettlement(deal: EscrowDeal, buyerMinor: bigint): LedgerPreview {
  const sellerSide = payeesOf(deal, agreedPriceMinor(deal) - buyerMinor).map((payee) => ({
    account: payee.account,
    label: labelOf(payee, deal.feeBasisPoints),
    amountMinor: payee.amountMinor,
  }));
  const buyerLine = {
    account: payableAccount(deal.buyerId),
    label: "Back to the buyer",
    amountMinor: buyerMinor,
  };
  return {
    lines: [buyerLine, ...sellerSide].filter((line) => line.amountMinor > 0n),
    currency: deal.currency,
  };
}

function labelOf({ role, name }: Payee, feeBasisPoints: number): string {
  if (role === "seller") return "To the seller";
  return role === "fee" ? `Fee, ${feeBasisPoints / 100} %` : `To ${name}, a contributor`;
}

function entryFacts(deal: EscrowDeal, step: "fund" | "settle", description: string) {
  return { description, subjectId: deal.id, idempotencyKey: `deal:${deal.id}:${step}` };
}

function cashProviderOf(deal: EscrowDeal): CashProvider {
  const { paymentProvider } = deal;
  if (paymentProvider === "demo" || paymentProvider === "bank-transfer") return paymentProvider;
  throw new DomainError(
    "no_payment_provider",
    "No payment provider is set up here: only free licences can be closed.",
  );
}

type ContributorRow = FrozenShare & { status: "unconfirmed" | "confirmed" | "rejected" };

/**
 * The shares as they are frozen at the first signature: rejected ones, empty ones and the seller's own are left out
 * (the seller gets the rest). Throws `shares_invalid` when they exceed the whole.
 */
export function freezeShares(rows: readonly ContributorRow[], sellerId: string): FrozenShare[] {
  const frozen = rows
    .filter((row) => row.status !== "rejected" && row.shareBasisPoints > 0 && row.accountId !== sellerId)
    .map(({ accountId, name, shareBasisPoints }) => ({ accountId, name, shareBasisPoints }));
  refuseUnless(
    frozen.reduce((sum, share) => sum + share.shareBasisPoints, 0) <= 10_000,
    "shares_invalid",
    "The contributors' shares of this listing exceed the whole; the seller must correct them first.",
  );
  return frozen;
}
