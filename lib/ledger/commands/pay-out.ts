import "server-only";
import { randomUUID } from "node:crypto";
import type { z } from "zod";
import { type Actor, requireRole } from "@/lib/accounts/actor";
import { mailAccount } from "@/lib/accounts/commands/mail-account";
import { requireSecondFactor } from "@/lib/accounts/commands/require-second-factor";
import { namesById } from "@/lib/accounts/queries/names";
import { recordAudit } from "@/lib/platform/audit";
import { currentTime } from "@/lib/platform/clock";
import { type Tx, inTransaction } from "@/lib/platform/db";
import { readInstallation } from "@/lib/platform/installation";
import { DomainError, notFoundError, refuseUnless } from "@/lib/shared/domain-error";
import { formatMoney, money, parseAmount } from "@/lib/shared/money";
import { type CashProvider, payableAccount } from "../chart-of-accounts";
import { postEntry } from "./journal";
import { isReceiptConfirmed } from "../payment-provider";
import { payoutEntry, requirePayable } from "../payout";
import { balanceOf } from "../queries/journal";
import type { confirmPayoutInput, discardPayoutInput, payoutDetailsInput } from "../schemas";

/**
 * Where the actor wants to be paid. A change is told by mail, since money follows it, and needs an account with a second
 * factor (`second_factor_missing`).
 */
export async function savePayoutDetails(
  actor: Actor,
  { details }: z.infer<typeof payoutDetailsInput>,
): Promise<{ message: string }> {
  const { accountId } = actor;
  await inTransaction(async (tx) => {
    await requireSecondFactor(tx, actor);
    const updatedAt = await currentTime(tx);
    await tx.payoutDetails.upsert({
      where: { accountId },
      create: { accountId, details, updatedAt },
      update: { details, updatedAt },
    });
    await recordAudit(tx, {
      actorId: accountId,
      action: "ledger.payout_details",
      subject: ["account", accountId],
    });
    await mailAccount(tx, accountId, `payout-details:${accountId}:${updatedAt.getTime()}`, {
      subject: "Your payout details were changed",
      text: "What you are owed will be sent to the details now on your statement page. If this was not you, change your password and those details at once.",
    });
  });
  return { message: "Saved." };
}

/**
 * An operator has sent an account this much of what it is owed. Posted at once, or, where more than the limit is owed in
 * all, when a second operator confirms the very payout that waits. Nobody confirms one to themselves.
 *
 * A transfer of the bank is posted once: its reference cannot be used again for the same account.
 *
 * Throws `not_found` for everybody but administrators, `conflict_of_interest`, `already_paid_out`, `amount_differs`,
 * `payout_exceeds`, `already_confirmed`.
 */
export async function confirmPayout(
  actor: Actor,
  { accountId, amount, bankReference }: z.infer<typeof confirmPayoutInput>,
): Promise<{ message: string }> {
  requireRole(actor, "administrator");
  const isPaid = await inTransaction(async (tx) => {
    await lockPayouts(tx, accountId);
    refuseUnless(
      accountId !== actor.accountId,
      "conflict_of_interest",
      "This payout is to you: somebody else must confirm it.",
    );
    await refusePaidReference(tx, accountId, bankReference);
    const { currency, isDemo } = await readInstallation(tx);
    const amountMinor = parseAmount(amount, currency);
    const owedMinor = await balanceOf(payableAccount(accountId), currency, tx);
    requirePayable(amountMinor, owedMinor);
    const provider: CashProvider = isDemo ? "demo" : "bank-transfer";
    const now = await currentTime(tx);
    const open = await tx.payout.findFirst({ where: { accountId, paidAt: null, discardedAt: null } });
    refuseUnless(
      !open || (open.amountMinor === amountMinor && open.bankReference === bankReference),
      "amount_differs",
      "A payout of another amount or reference waits for its second confirmation. Confirm that one, or discard it.",
    );
    const payout =
      open ??
      (await tx.payout.create({
        data: {
          ...{ id: randomUUID(), accountId, amountMinor, currency, provider, bankReference },
          createdAt: now,
        },
      }));
    const people = await confirm(tx, payout.id, actor.accountId, now);
    const isEnough = isReceiptConfirmed(owedMinor, people);
    if (isEnough) await post(tx, { ...payout, provider }, now);
    await audit(tx, actor, isEnough ? "ledger.paid_out" : "ledger.payout_seen", payout.id, {
      ...{ accountId, amountMinor: String(amountMinor), bankReference: payout.bankReference },
    });
    return isEnough;
  });
  return {
    message: isPaid
      ? "Posted: this is paid out."
      : "Noted. A second administrator must confirm it before it is posted.",
  };
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
    const found = await tx.payout.findUnique({ where: { id: payoutId }, select: { accountId: true } });
    if (!found) throw notFoundError("payout");
    await lockPayouts(tx, found.accountId);
    refuseUnless(
      found.accountId !== actor.accountId,
      "conflict_of_interest",
      "This payout is to you: somebody else must discard it.",
    );
    const { count } = await tx.payout.updateMany({
      where: { id: payoutId, paidAt: null, discardedAt: null },
      data: { discardedAt: await currentTime(tx) },
    });
    if (count === 0) throw notFoundError("payout");
    await audit(tx, actor, "ledger.payout_discarded", payoutId, {});
  });
  return { message: "Discarded. Nothing was posted." };
}

/** One payout of an account after another; everything below is decided under it. Throws `not_found`. */
async function lockPayouts(tx: Tx, accountId: string): Promise<void> {
  if (!(await namesById([accountId], tx)).has(accountId)) throw notFoundError("account");
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`payouts of ${accountId}`}, 0))::text`;
}

/** The form sent twice, or once more after the second confirmation, must not pay twice. */
async function refusePaidReference(tx: Tx, accountId: string, bankReference: string): Promise<void> {
  const paid = await tx.payout.count({ where: { accountId, bankReference, paidAt: { not: null } } });
  refuseUnless(
    paid === 0,
    "already_paid_out",
    "A transfer with this reference of the bank was paid out to this account before.",
  );
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

type Due = {
  id: string;
  accountId: string;
  amountMinor: bigint;
  currency: string;
  provider: CashProvider;
  bankReference: string;
};

async function post(tx: Tx, payout: Due, paidAt: Date): Promise<void> {
  await tx.payout.update({ where: { id: payout.id }, data: { paidAt } });
  await postEntry(tx, payoutEntry(payout));
  await mailAccount(tx, payout.accountId, `payout:${payout.id}`, {
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
