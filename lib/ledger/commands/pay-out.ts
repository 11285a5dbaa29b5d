import "server-only";
import { randomUUID } from "node:crypto";
import type { z } from "zod";
import { type Actor, requireRole } from "@/lib/accounts/actor";
import { mailAccount } from "@/lib/accounts/commands/mail-account";
import { namesById } from "@/lib/accounts/queries/names";
import { recordAudit } from "@/lib/platform/audit";
import { currentTime } from "@/lib/platform/clock";
import { type Tx, inTransaction } from "@/lib/platform/db";
import { readInstallation } from "@/lib/platform/installation";
import { DomainError, notFoundError, refuseUnless } from "@/lib/shared/domain-error";
import { formatMoney, money, parseAmount } from "@/lib/shared/money";
import { requireReference } from "../bank/reference";
import { type CashProvider, payableAccount } from "../chart-of-accounts";
import { detailsInForce } from "../payout-details";
import { isReceiptConfirmed } from "../payment-provider";
import { type PaidOut, payoutEntry, requirePayable } from "../payout";
import { balanceOf } from "../queries/journal";
import { cashProviderHere } from "../received-transfer";
import type { confirmPayoutInput, discardPayoutInput, returnTransferInput } from "../schemas";
import { postEntry } from "./journal";
import { lockPayouts } from "./payout-details";
import { lockUnusedTransfer } from "./received-transfers";

/**
 * An operator has sent an account this much of what it is owed. Posted at once, or, where more than the limit is owed in
 * all, when a second operator confirms the very payout that waits. Nobody confirms one to themselves.
 *
 * The payout goes to the details that the operator saw, and those must be in force when it is posted. A transfer of the
 * bank is confirmed once, in whatever spelling and to whomever.
 *
 * Throws `not_found` for everybody but administrators, `conflict_of_interest`, `reference_invalid`, `already_paid_out`,
 * `payout_details_missing`, `payout_details_changed`, `amount_differs`, `payout_exceeds`, `already_confirmed`.
 */
export async function confirmPayout(
  actor: Actor,
  { accountId, detailsId, amount, bankReference: written }: z.infer<typeof confirmPayoutInput>,
): Promise<{ message: string }> {
  requireRole(actor, "administrator");
  const bankReference = requireReference(written);
  return inTransaction(async (tx) => {
    await requireAccount(tx, accountId);
    await lockPayouts(tx, accountId);
    refuseUnless(
      accountId !== actor.accountId,
      "conflict_of_interest",
      "This payout is to you: somebody else must confirm it.",
    );
    const { currency } = await readInstallation(tx);
    const amountMinor = parseAmount(amount, currency);
    const owedMinor = await balanceOf(payableAccount(accountId), currency, tx);
    await refusePaidReference(tx, bankReference);
    requirePayable(amountMinor, owedMinor);
    await requireDetails(tx, accountId, detailsId);
    const asked = { accountId, transferId: null, detailsId, amountMinor, currency, bankReference };
    return confirmSent(tx, actor, asked, owedMinor);
  });
}

/**
 * An operator has sent a received transfer that pays nothing back to its payer, whole. A second one confirms it above
 * the limit. Throws `not_found`, `transfer_settled`, `amount_differs` and what `confirmPayout` throws.
 */
export async function returnTransfer(
  actor: Actor,
  { transferId, amount, bankReference: written }: z.infer<typeof returnTransferInput>,
): Promise<{ message: string }> {
  requireRole(actor, "administrator");
  const bankReference = requireReference(written);
  return inTransaction(async (tx) => {
    await lockPayouts(tx, transferId);
    await refusePaidReference(tx, bankReference);
    const waits = await tx.payout.findFirst({ where: { transferId, ...open } });
    const transfer = waits
      ? await tx.receivedTransfer.findUnique({ where: { id: transferId } })
      : await lockUnusedTransfer(tx, transferId);
    if (!transfer) throw notFoundError("transfer");
    refuseUnless(
      transfer.receivedAt,
      "transfer_settled",
      "A second administrator must see this transfer first: import the statement that shows it.",
    );
    const { amountMinor, currency } = transfer;
    refuseUnless(
      parseAmount(amount, currency) === amountMinor,
      "amount_differs",
      `A transfer goes back whole: ${formatMoney(money(amountMinor, currency))}.`,
    );
    const asked = { accountId: null, transferId, detailsId: null, amountMinor, currency, bankReference };
    return confirmSent(tx, actor, asked, amountMinor);
  });
}

const open = { paidAt: null, discardedAt: null } as const;

type Asked = {
  accountId: string | null;
  transferId: string | null;
  detailsId: string | null;
  amountMinor: bigint;
  currency: string;
  bankReference: string;
};

/** Notes that the actor says so, and posts it where enough have. Decided under the lock of its account or transfer. */
async function confirmSent(
  tx: Tx,
  actor: Actor,
  asked: Asked,
  owedMinor: bigint,
): Promise<{ message: string }> {
  const { accountId, transferId, detailsId, amountMinor, bankReference } = asked;
  const now = await currentTime(tx);
  const waiting = await tx.payout.findFirst({ where: { accountId, transferId, ...open } });
  refuseUnless(
    !waiting || (waiting.amountMinor === amountMinor && waiting.bankReference === bankReference),
    "amount_differs",
    "A payout of another amount or reference waits for its second confirmation. Confirm that one, or discard it.",
  );
  refuseUnless(!waiting || waiting.detailsId === detailsId, "payout_details_changed", DETAILS_CHANGED);
  const payout = waiting ?? (await makePayout(tx, asked, now));
  const people = await confirm(tx, payout.id, actor.accountId, now);
  const isEnough = isReceiptConfirmed(owedMinor, people);
  if (isEnough) await post(tx, { ...payout, provider: payout.provider as CashProvider }, now);
  await audit(tx, actor, isEnough ? "ledger.paid_out" : "ledger.payout_seen", payout.id, {
    ...(accountId ? { accountId } : { transferId: transferId ?? "" }),
    ...{ amountMinor: String(amountMinor), bankReference },
  });
  return {
    message: isEnough
      ? "Posted: this is paid out."
      : "Noted. A second administrator must confirm it before it is posted.",
  };
}

const DETAILS_CHANGED =
  "Where to pay this account has changed since. Discard what waits, reload the page, and send money only where it says now.";

/** The index of references decides between two operators who use one for two accounts at the same time. */
async function makePayout(tx: Tx, asked: Asked, createdAt: Date) {
  const { isDemo } = await readInstallation(tx);
  const payout = { id: randomUUID(), ...asked, provider: cashProviderHere(isDemo), createdAt };
  const { count } = await tx.payout.createMany({ data: [payout], skipDuplicates: true });
  refuseUnless(count === 1, "already_paid_out", PAID_BEFORE);
  return payout;
}

/** Money goes where its owner says now, and the operator sent it there. */
async function requireDetails(tx: Tx, accountId: string, detailsId: string): Promise<void> {
  const stated = await tx.payoutDetails.findMany({ where: { accountId } });
  const inForce = detailsInForce(stated, await currentTime(tx));
  refuseUnless(
    inForce,
    "payout_details_missing",
    "This account has not said where to be paid, or what it said does not count yet.",
  );
  refuseUnless(inForce.id === detailsId, "payout_details_changed", DETAILS_CHANGED);
}

/**
 * A payout that waits for a second operator and was not made after all. Nobody discards one to themselves.
 * Throws `not_found`, `conflict_of_interest`.
 */
export async function discardPayout(
  actor: Actor,
  { payoutId }: z.infer<typeof discardPayoutInput>,
): Promise<{ message: string }> {
  requireRole(actor, "administrator");
  await inTransaction(async (tx) => {
    const found = await tx.payout.findUnique({ where: { id: payoutId } });
    if (!found) throw notFoundError("payout");
    await lockPayouts(tx, found.accountId ?? found.transferId ?? found.id);
    refuseUnless(
      found.accountId !== actor.accountId,
      "conflict_of_interest",
      "This payout is to you: somebody else must discard it.",
    );
    const { count } = await tx.payout.updateMany({
      where: { id: payoutId, ...open },
      data: { discardedAt: await currentTime(tx) },
    });
    if (count === 0) throw notFoundError("payout");
    await audit(tx, actor, "ledger.payout_discarded", payoutId, {});
  });
  return { message: "Discarded. Nothing was posted." };
}

/** Nobody is paid who has no account here. Throws `not_found`. */
async function requireAccount(tx: Tx, accountId: string): Promise<void> {
  if (!(await namesById([accountId], tx)).has(accountId)) throw notFoundError("account");
}

const PAID_BEFORE = "A transfer with this reference of the bank was confirmed before.";

/** The form sent twice, or one transfer of the bank for two accounts, must not pay twice. */
async function refusePaidReference(tx: Tx, bankReference: string): Promise<void> {
  const paid = await tx.payout.count({ where: { bankReference, paidAt: { not: null } } });
  refuseUnless(paid === 0, "already_paid_out", PAID_BEFORE);
}

async function confirm(tx: Tx, payoutId: string, confirmedById: string, confirmedAt: Date) {
  const { count } = await tx.payoutConfirmation.createMany({
    data: [{ payoutId, confirmedById, confirmedAt }],
    skipDuplicates: true,
  });
  if (count === 0)
    throw new DomainError(
      "already_confirmed",
      "You confirmed this one. A second person must confirm it too.",
    );
  return tx.payoutConfirmation.findMany({ where: { payoutId } });
}

type Due = PaidOut & { bankReference: string };

async function post(tx: Tx, payout: Due, paidAt: Date): Promise<void> {
  const { id, accountId, transferId } = payout;
  await tx.payout.update({ where: { id }, data: { paidAt } });
  if (transferId)
    await tx.transferUse.create({ data: { transferId, usedFor: "return", subjectId: id, usedAt: paidAt } });
  await postEntry(tx, payoutEntry(payout));
  if (!accountId) return;
  await mailAccount(tx, accountId, `payout:${id}`, {
    subject: "We paid out what you were owed",
    text: `${formatMoney(money(payout.amountMinor, payout.currency))} was sent to you. The bank's reference is ${payout.bankReference}.`,
  });
}

async function audit(
  tx: Tx,
  actor: Actor,
  action: string,
  payoutId: string,
  details: Record<string, string>,
): Promise<void> {
  await recordAudit(tx, { actorId: actor.accountId, action, subject: ["payout", payoutId], details });
}
