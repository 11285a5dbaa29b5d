import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { postEntry } from "@/lib/ledger/commands/journal";
import { requireUsableProvider } from "@/lib/ledger/payment-provider";
import { currentTime } from "@/lib/platform/clock";
import type { Tx } from "@/lib/platform/db";
import { readInstallation } from "@/lib/platform/installation";
import { refuseUnless } from "@/lib/shared/domain-error";
import { formatMoney, money } from "@/lib/shared/money";
import { type Deal, agreedPriceMinor, requireSigned } from "../deal";
import { fundEntry } from "../escrow";
import { fulfil } from "../fulfilment";
import { appendEvent, onOwnDeal, mailParty, saveFulfilment } from "../records";
import type { FundDealInput } from "../schemas";
import { deliverHeldFiles } from "./deliver";

/**
 * Pays a signed deal with simulated money, in demo mode only; the amount must be the one shown. Paying twice changes
 * nothing. The files the platform holds are handed over right afterwards, in a transaction of their own.
 */
export async function fundDeal(actor: Actor, input: FundDealInput): Promise<{ message: string }> {
  await onOwnDeal(actor, input.dealId, async (tx, { deal, party }) => {
    requireSigned(deal);
    refuseUnless(party === "buyer", "fulfilment_move_refused", "The buyer pays.");
    const price = agreedPriceMinor(deal);
    refuseUnless(
      price.toString() === input.amountMinor,
      "amount_differs",
      `The price is ${formatMoney(money(price, deal.currency))}. Reload the page.`,
    );
    if (deal.fulfilment !== "UNFUNDED" && deal.fulfilment !== "LAPSED") return;
    const { isDemo } = await readInstallation(tx);
    requireUsableProvider(deal.paymentProvider, isDemo);
    refuseUnless(
      deal.paymentProvider === "demo",
      "provider_not_here",
      "This deal is paid by bank transfer; we confirm when it arrives.",
    );
    await holdPayment(tx, deal, { by: "buyer", actorId: actor.accountId, now: await currentTime(tx) });
  });
  await deliverHeldFiles(input.dealId);
  return { message: "The payment is held." };
}

type Payer = { by: "buyer" | "system"; actorId: string | null; now: Date };

/** Holds the price: out of a transfer that was received, or straight from a provider. Throws `payment_late`. */
export async function holdPayment(
  tx: Tx,
  deal: Deal,
  { by, actorId, now }: Payer,
  transferId: string | null = null,
): Promise<void> {
  const moved = await saveFulfilment(tx, deal, fulfil(deal, "fund", by, now), now);
  const entry = fundEntry(moved, transferId);
  if (entry) await postEntry(tx, entry);
  await appendEvent(tx, deal, {
    kind: "paid",
    actorId,
    at: now,
    details: { priceMinor: agreedPriceMinor(deal).toString(), provider: deal.paymentProvider },
  });
  if (agreedPriceMinor(deal) > 0n) {
    await mailParty(tx, deal, "seller", {
      key: "paid",
      subject: "The payment is held",
      text: "The buyer has paid. The payment is held and becomes yours after acceptance.",
    });
  }
}

/** A licence at no price has nothing to pay: it goes on at once, without an entry, in the caller's transaction. */
export async function startFreeFulfilment(tx: Tx, deal: Deal, now: Date): Promise<void> {
  await holdPayment(tx, deal, { by: "system", actorId: null, now });
}
