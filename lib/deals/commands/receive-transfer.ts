import "server-only";
import { type Actor, requireRole } from "@/lib/accounts/actor";
import {
  type Transfer,
  confirmReceipt,
  lockUnusedTransfer,
  payDeal,
  recordLine,
  transferByHand,
} from "@/lib/ledger/commands/received-transfers";
import type { Credit } from "@/lib/ledger/bank/movement";
import { onlyPaymentReference } from "@/lib/ledger/bank/reference";
import { isReceiptNews } from "@/lib/ledger/queries/receipts";
import { recordAudit } from "@/lib/platform/audit";
import { currentTime } from "@/lib/platform/clock";
import { type Tx, inTransaction } from "@/lib/platform/db";
import { DomainError, type RefusalCode, notFoundError, refuseUnless } from "@/lib/shared/domain-error";
import { parseAmount } from "@/lib/shared/money";
import { type Deal, partyOf } from "../deal";
import { appendEvent, lockDeal } from "../records";
import type { AssignTransferInput, ConfirmTransferInput } from "../schemas";
import { type Mismatch, mismatchOf, mismatchText } from "../transfer-match";
import { deliverHeldFiles } from "./deliver";
import { holdPayment } from "./fund-deal";

/** The deal with this reference, locked, or null. */
async function lockDealOf(tx: Tx, reference: string | null): Promise<Deal | null> {
  const found = reference
    ? await tx.deal.findUnique({ where: { paymentReference: reference }, select: { id: true } })
    : null;
  return found && lockDeal(tx, found.id);
}

/**
 * The actor has seen this transfer and says that it pays this deal. Above the limit a second one must say the same; then
 * the payment is held. Answers whether it is.
 */
async function seeForDeal(tx: Tx, actor: Actor, transfer: Transfer, deal: Deal): Promise<boolean> {
  const { accountId: confirmedById } = actor;
  const reference = deal.paymentReference;
  const isConfirmed = await confirmReceipt(tx, transfer, { reference, confirmedById });
  const now = await currentTime(tx);
  await appendEvent(tx, deal, { kind: "receipt_seen", actorId: null, at: now });
  if (isConfirmed) {
    await payDeal(tx, transfer.id, deal.id);
    await holdPayment(tx, deal, { by: "system", actorId: null, now }, transfer.id);
  }
  await recordAudit(tx, {
    ...{ actorId: confirmedById, action: "deal.transfer_confirmed", subject: ["deal", deal.id] },
    details: { reference, transferId: transfer.id, amountMinor: String(transfer.amountMinor), isConfirmed },
  });
  return isConfirmed;
}

function refuseParty(deal: Deal, actor: Actor): void {
  const isOwn = partyOf(deal, actor.accountId) !== null;
  refuseUnless(!isOwn, "conflict_of_interest", "You are a party of this deal: somebody else must confirm.");
}

const refusals: Record<Mismatch, RefusalCode> = {
  no_reference: "not_found",
  unknown_reference: "not_found",
  not_by_transfer: "provider_not_here",
  paid_before: "transfer_settled",
  lapsed: "payment_late",
  amount_differs: "amount_differs",
};

function refuseMismatch(mismatch: Mismatch | null): void {
  if (mismatch) throw new DomainError(refusals[mismatch], mismatchText[mismatch]);
}

/**
 * An administrator has seen a bank transfer arrive with this reference and exactly this amount. Above the limit a
 * second one must see it too. Nobody confirms a payment of a deal of their own. Throws `payment_late` for a deal that
 * has lapsed: that transfer goes back. For a deal that is paid nothing changes: a further transfer comes with the
 * statement that shows it.
 */
export async function confirmTransfer(
  actor: Actor,
  input: ConfirmTransferInput,
): Promise<{ message: string }> {
  requireRole(actor, "administrator");
  const held = await inTransaction(async (tx) => {
    const deal = await lockDealOf(tx, onlyPaymentReference(input.reference));
    if (!deal) throw notFoundError("payment");
    refuseParty(deal, actor);
    const { paymentReference, currency } = deal;
    const asked = { paymentReference, currency, amountMinor: parseAmount(input.amount, currency, "amount") };
    const mismatch = mismatchOf(asked, deal, await currentTime(tx));
    if (mismatch === "paid_before" && asked.amountMinor === deal.priceMinor) return { dealId: null };
    refuseMismatch(mismatch);
    const transfer = await transferByHand(tx, paymentReference, asked.amountMinor);
    return (await seeForDeal(tx, actor, transfer, deal)) ? { dealId: deal.id } : null;
  });
  if (!held) return { message: SECOND };
  if (held.dealId) await deliverHeldFiles(held.dealId);
  return { message: held.dealId ? HELD : "This deal is paid: nothing changed." };
}

const HELD = "Confirmed: the payment is held.";
const SECOND = "Noted. A second administrator must confirm it too.";

/**
 * A transfer that arrived without the right reference pays this deal, as an administrator found out. Above the limit a
 * second one must say the same. Throws `not_found`, `transfer_settled` and what `confirmTransfer` throws.
 */
export async function assignTransfer(
  actor: Actor,
  { transferId, reference }: AssignTransferInput,
): Promise<{ message: string }> {
  requireRole(actor, "administrator");
  const heldDealId = await inTransaction(async (tx) => {
    const deal = await lockDealOf(tx, onlyPaymentReference(reference));
    if (!deal) throw notFoundError("payment");
    refuseParty(deal, actor);
    const transfer = await lockUnusedTransfer(tx, transferId);
    if (!transfer) throw notFoundError("transfer");
    const asked = { ...transfer, paymentReference: deal.paymentReference };
    refuseMismatch(mismatchOf(asked, deal, await currentTime(tx)));
    return (await seeForDeal(tx, actor, transfer, deal)) ? deal.id : null;
  });
  if (heldDealId) await deliverHeldFiles(heldDealId);
  return { message: heldDealId ? HELD : SECOND };
}

/** What became of a line: it pays a deal now, waits, is kept without a deal, or was known before. */
export type LineOutcome =
  { kind: "held" | "waits" | "known" | "own" } | { kind: "unmatched"; mismatch: Mismatch };

/**
 * Records a line of a statement once and confirms it by the rules of one by hand. Money that pays no deal is recorded
 * just so. A line for a deal of the actor's own is recorded, and waits for somebody else.
 */
export async function receiveLine(actor: Actor, statementId: string, credit: Credit): Promise<LineOutcome> {
  const { outcome, dealId } = await inTransaction(async (tx) => {
    const deal = await lockDealOf(tx, onlyPaymentReference(credit.text));
    const transfer = await recordLine(tx, statementId, credit);
    return settleLine(tx, actor, transfer, deal);
  });
  if (dealId) await deliverHeldFiles(dealId);
  return outcome;
}

type Settled = { outcome: LineOutcome; dealId?: string };

async function settleLine(tx: Tx, actor: Actor, transfer: Transfer, deal: Deal | null): Promise<Settled> {
  if (transfer.isUsed) return { outcome: { kind: "known" } };
  if (deal && partyOf(deal, actor.accountId)) return { outcome: { kind: "own" } };
  const mismatch = mismatchOf(transfer, deal, await currentTime(tx));
  if (mismatch && transfer.receivedAt) return { outcome: { kind: "known" } };
  const seen = { reference: mismatch ? "" : (deal?.paymentReference ?? ""), confirmedById: actor.accountId };
  const isNews = await isReceiptNews(tx, { transferId: transfer.id, ...seen });
  if (!isNews) return { outcome: { kind: transfer.receivedAt ? "known" : "waits" } };
  if (deal && !mismatch) {
    const isHeld = await seeForDeal(tx, actor, transfer, deal);
    return isHeld ? { outcome: { kind: "held" }, dealId: deal.id } : { outcome: { kind: "waits" } };
  }
  const isReceived = await confirmReceipt(tx, transfer, seen);
  return {
    outcome: isReceived ? { kind: "unmatched", mismatch: mismatch ?? "no_reference" } : { kind: "waits" },
  };
}
