import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { requireRole } from "@/lib/accounts/actor";
import { confirmReceipt, postEntry } from "@/lib/ledger/commands/journal";
import { requireUsableProvider } from "@/lib/ledger/payment-provider";
import { recordAudit } from "@/lib/platform/audit";
import { currentTime } from "@/lib/platform/clock";
import { type Tx, inTransaction } from "@/lib/platform/db";
import { readInstallation } from "@/lib/platform/installation";
import { notFoundError, refuseUnless } from "@/lib/shared/domain-error";
import { formatMoney, money, parseAmount } from "@/lib/shared/money";
import { type Deal, agreedPriceMinor, partyOf, requireSigned } from "../deal";
import { fundEntry } from "../escrow";
import { fulfil, mayFulfil } from "../fulfilment";
import { appendEvent, lockDeal, onOwnDeal, mailParty, saveFulfilment } from "../records";
import type { ConfirmTransferInput, FundDealInput } from "../schemas";
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

async function holdPayment(tx: Tx, deal: Deal, { by, actorId, now }: Payer): Promise<void> {
  const moved = await saveFulfilment(tx, deal, fulfil(deal, "fund", by, now), now);
  const entry = fundEntry(moved);
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

/**
 * An administrator has seen a bank transfer arrive with this reference and exactly this amount. Above the limit a
 * second one must see it too. Nobody confirms a payment of a deal of their own. Throws `payment_late` once the days for
 * paying are over, whether or not the clock has had its turn: that transfer goes back.
 */
export async function confirmTransfer(
  actor: Actor,
  input: ConfirmTransferInput,
): Promise<{ message: string; isHeld: boolean }> {
  requireRole(actor, "administrator");
  const reference = input.reference.trim().toUpperCase();
  const dealId = await inTransaction(async (tx) => {
    const found = await tx.deal.findUnique({ where: { paymentReference: reference }, select: { id: true } });
    if (!found) throw notFoundError("payment");
    const deal = await lockDeal(tx, found.id);
    const isOwn = partyOf(deal, actor.accountId) !== null;
    refuseUnless(!isOwn, "conflict_of_interest", "You are a party of this deal: somebody else must confirm.");
    refuseUnless(
      deal.paymentProvider === "bank-transfer" && deal.negotiation === "FINALIZED",
      "provider_not_here",
      "This deal is not waiting for a bank transfer.",
    );
    const now = await currentTime(tx);
    const isLate = deal.fulfilment === "UNFUNDED" && !mayFulfil(deal, "fund", "system", now);
    refuseUnless(
      deal.fulfilment !== "LAPSED" && !isLate,
      "payment_late",
      "This deal has lapsed. Send the transfer back.",
    );
    const amountMinor = parseAmount(input.amount, deal.currency, "amount");
    refuseUnless(
      amountMinor === deal.priceMinor,
      "amount_differs",
      "The amount is not the price. Send it back, or ask the buyer for the rest, before you confirm.",
    );
    const receipt = { reference, amountMinor, currency: deal.currency, confirmedById: actor.accountId };
    const isConfirmed = await confirmReceipt(tx, { ...receipt, confirmedAt: now });
    await appendEvent(tx, deal, { kind: "receipt_seen", actorId: null, at: now });
    if (isConfirmed && deal.fulfilment === "UNFUNDED") {
      await holdPayment(tx, deal, { by: "system", actorId: null, now });
    }
    await recordAudit(tx, {
      actorId: actor.accountId,
      action: "deal.transfer_confirmed",
      subject: ["deal", deal.id],
      details: { reference, amountMinor: amountMinor.toString(), isConfirmed },
    });
    return isConfirmed ? deal.id : null;
  });
  if (!dealId) return { message: "Noted. A second administrator must confirm it too.", isHeld: false };
  await deliverHeldFiles(dealId);
  return { message: "Confirmed: the payment is held.", isHeld: true };
}
