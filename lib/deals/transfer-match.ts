import type { Deal } from "./deal";
import { type Clock, isOver } from "./clock";

/** Why a transfer that arrived pays no deal. */
export type Mismatch =
  "no_reference" | "unknown_reference" | "not_by_transfer" | "paid_before" | "lapsed" | "amount_differs";

type Facts = Clock & Pick<Deal, "paymentProvider" | "negotiation" | "fulfilment" | "priceMinor" | "currency">;

/**
 * A transfer pays the deal of its one reference when that deal is signed, waits for a bank transfer in time, and has
 * exactly this price. Null when it does.
 */
export function mismatchOf(
  transfer: { paymentReference: string | null; amountMinor: bigint; currency: string },
  deal: Facts | null,
  now: Date,
): Mismatch | null {
  if (!transfer.paymentReference) return "no_reference";
  if (!deal) return "unknown_reference";
  if (deal.paymentProvider !== "bank-transfer" || deal.negotiation !== "FINALIZED") return "not_by_transfer";
  if (deal.fulfilment === "LAPSED") return "lapsed";
  if (deal.fulfilment !== "UNFUNDED") return "paid_before";
  if (isOver(deal, now)) return "lapsed";
  const isExact = transfer.amountMinor === deal.priceMinor && transfer.currency === deal.currency;
  return isExact ? null : "amount_differs";
}

/** What an operator reads: what is the matter, and what to do. */
export const mismatchText: Record<Mismatch, string> = {
  no_reference: "It names no payment of ours, or several. Ask the payer what it is for, or send it back.",
  unknown_reference: "No deal has the reference that it names. Ask the payer, or send it back.",
  not_by_transfer: "The deal that it names is not paid by bank transfer. Send it back.",
  paid_before: "The deal that it names is paid: this is a further transfer. Send it back.",
  lapsed: "The deal that it names has lapsed: it came too late. Send it back.",
  amount_differs: "It is not the price of the deal that it names. Send it back and ask for the price.",
};
