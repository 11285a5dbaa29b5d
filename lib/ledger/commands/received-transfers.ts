import "server-only";
import { randomUUID } from "node:crypto";
import { currentTime } from "@/lib/platform/clock";
import type { Tx } from "@/lib/platform/db";
import { readInstallation } from "@/lib/platform/installation";
import { cleanText } from "@/lib/shared/clean-text";
import { DomainError, refuseUnless } from "@/lib/shared/domain-error";
import type { Credit } from "../bank/movement";
import { onlyPaymentReference } from "../bank/reference";
import type { CashProvider } from "../chart-of-accounts";
import { isReceiptConfirmed } from "../payment-provider";
import { cashProviderHere, receivedEntry } from "../received-transfer";
import { postEntry } from "./journal";

export type Transfer = {
  id: string;
  amountMinor: bigint;
  currency: string;
  paymentReference: string | null;
  receivedAt: Date | null;
  isUsed: boolean;
};

/** One transfer after another is found, made or matched; a deal's row is locked before this. */
export async function lockTransfers(tx: Tx): Promise<void> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended('received transfers', 0))::text`;
}

const shape = {
  ...{ id: true, amountMinor: true, currency: true, paymentReference: true, receivedAt: true },
  use: { select: { transferId: true } },
} as const;

function transferOf({ use, ...row }: Omit<Transfer, "isUsed"> & { use: object | null }): Transfer {
  return { ...row, isUsed: use !== null };
}

/**
 * The transfer that a line of a statement shows, made where none has this line. One that an operator confirmed by hand
 * before, with the same payment reference and amount, is taken to be this line's, once.
 */
export async function recordLine(tx: Tx, statementId: string, credit: Credit): Promise<Transfer> {
  await lockTransfers(tx);
  const known = await tx.statementLine.findUnique({
    where: { key: credit.key },
    select: { transfer: { select: shape } },
  });
  if (known) return transferOf(known.transfer);
  const { key, line, bookedOn, amountMinor, bankReference, text } = credit;
  const paymentReference = onlyPaymentReference(text);
  const byHand = paymentReference
    ? await tx.receivedTransfer.findFirst({
        where: { paymentReference, amountMinor, line: null },
        ...{ select: shape, orderBy: { createdAt: "asc" } },
      })
    : null;
  const transfer = byHand ?? (await makeTransfer(tx, { amountMinor, paymentReference, text, bookedOn }));
  await tx.statementLine.create({
    data: { ...{ key, statementId, line, bookedOn, amountMinor, bankReference }, transferId: transfer.id },
  });
  return transferOf(transfer);
}

type Facts = { amountMinor: bigint; paymentReference: string | null; text: string; bookedOn: string | null };

/** What is kept of what a payer wrote: at most 1,000 characters, none that the database cannot hold. */
export function transferText(text: string): string {
  return cleanText(text.slice(0, 1000));
}

async function makeTransfer(tx: Tx, facts: Facts) {
  const { currency, isDemo } = await readInstallation(tx);
  return tx.receivedTransfer.create({
    data: {
      ...{ id: randomUUID(), ...facts, text: transferText(facts.text), currency },
      ...{ provider: cashProviderHere(isDemo), createdAt: await currentTime(tx) },
    },
    select: shape,
  });
}

/** The transfer that an operator says arrived for this payment: the first one that pays nothing yet, or a new one. */
export async function transferByHand(
  tx: Tx,
  paymentReference: string,
  amountMinor: bigint,
): Promise<Transfer> {
  await lockTransfers(tx);
  const found = await tx.receivedTransfer.findFirst({
    where: { paymentReference, amountMinor, use: null, payouts: { none: { discardedAt: null } } },
    ...{ select: shape, orderBy: { createdAt: "asc" } },
  });
  const facts = { amountMinor, paymentReference, text: paymentReference, bookedOn: null };
  return transferOf(found ?? (await makeTransfer(tx, facts)));
}

/** A transfer that may still be used; nobody else uses it before the end of the transaction. Throws `transfer_settled`. */
export async function lockUnusedTransfer(tx: Tx, transferId: string): Promise<Transfer | null> {
  await lockTransfers(tx);
  const found = await tx.receivedTransfer.findUnique({
    where: { id: transferId },
    select: { ...shape, payouts: { where: { discardedAt: null }, select: { id: true } } },
  });
  if (!found) return null;
  refuseUnless(
    !found.use && found.payouts.length === 0,
    "transfer_settled",
    "This transfer pays a deal, or goes back to its payer.",
  );
  return transferOf(found);
}

/**
 * Notes that an operator saw a transfer arrive and which payment it is for; empty for none. Where enough have seen it,
 * it is received and posted. Answers whether enough have said that it is for this payment. Throws `already_confirmed`
 * for the same person twice while another must confirm.
 */
export async function confirmReceipt(
  tx: Tx,
  transfer: Transfer,
  { reference, confirmedById }: { reference: string; confirmedById: string },
): Promise<boolean> {
  const confirmedAt = await currentTime(tx);
  const receipt = { transferId: transfer.id, reference, confirmedById, confirmedAt };
  const { count } = await tx.paymentReceipt.createMany({ data: [receipt], skipDuplicates: true });
  const receipts = await tx.paymentReceipt.findMany({ where: { transferId: transfer.id } });
  if (!transfer.receivedAt && isReceiptConfirmed(transfer.amountMinor, receipts)) {
    const { provider } = await tx.receivedTransfer.update({
      ...{ where: { id: transfer.id }, data: { receivedAt: confirmedAt }, select: { provider: true } },
    });
    await postEntry(tx, receivedEntry({ ...transfer, provider: provider as CashProvider }));
  }
  const same = receipts.filter((one) => one.reference === reference);
  const isConfirmed = isReceiptConfirmed(transfer.amountMinor, same);
  if (count === 0 && !isConfirmed)
    throw new DomainError(
      "already_confirmed",
      "You confirmed this one. A second person must confirm it too.",
    );
  return isConfirmed;
}

/** From now on this transfer pays a deal; no other transfer does, and this one nothing else. */
export async function payDeal(tx: Tx, transferId: string, dealId: string): Promise<void> {
  const usedAt = await currentTime(tx);
  await tx.transferUse.create({ data: { transferId, usedFor: "deal", subjectId: dealId, usedAt } });
}
