import "server-only";
import { randomUUID } from "node:crypto";
import type { z } from "zod";
import type { Actor } from "@/lib/accounts/actor";
import type { Client } from "@/lib/accounts/client";
import { mailAccount } from "@/lib/accounts/commands/mail-account";
import { reauthenticate } from "@/lib/accounts/commands/reauthenticate";
import { requireSecondFactor } from "@/lib/accounts/commands/require-second-factor";
import { recordAudit } from "@/lib/platform/audit";
import { currentTime } from "@/lib/platform/clock";
import { type Tx, inTransaction } from "@/lib/platform/db";
import { readInstallation } from "@/lib/platform/installation";
import { DomainError } from "@/lib/shared/domain-error";
import { payableAccount } from "../chart-of-accounts";
import { PAYOUT_DETAILS_DELAY_HOURS, detailsEffectiveAt, payoutDetailsProblem } from "../payout-details";
import { balanceOf } from "../queries/journal";
import type { payoutDetailsInput } from "../schemas";

/**
 * Where the actor, who has a second factor, wants to be paid, stated after re-authentication and told by mail at once. It counts 72
 * hours later, and until then what was said before; the first details count at once where nothing is owed yet. A change
 * that waits is replaced. Throws `payout_details_invalid` for a mistyped IBAN.
 */
export async function savePayoutDetails(
  actor: Actor,
  { details, ...proof }: z.infer<typeof payoutDetailsInput>,
  client: Client,
): Promise<{ message: string }> {
  const problem = payoutDetailsProblem(details);
  if (problem) throw new DomainError("payout_details_invalid", problem, { details: problem });
  await reauthenticate(actor, proof, client);
  const { accountId } = actor;
  const isAtOnce = await inTransaction(async (tx) => {
    await requireSecondFactor(tx, actor);
    await lockPayouts(tx, accountId);
    const statedAt = await currentTime(tx);
    await cancelWaiting(tx, accountId, statedAt);
    const { currency } = await readInstallation(tx);
    const effectiveAt = detailsEffectiveAt(statedAt, {
      isFirst: (await tx.payoutDetails.count({ where: { accountId } })) === 0,
      owedMinor: await balanceOf(payableAccount(accountId), currency, tx),
    });
    const id = randomUUID();
    await tx.payoutDetails.create({ data: { id, accountId, details, statedAt, effectiveAt } });
    await recordAudit(tx, {
      ...{ actorId: accountId, action: "ledger.payout_details", subject: ["account", accountId] },
      details: { detailsId: id, effectiveAt: effectiveAt.toISOString() },
    });
    const isNow = effectiveAt.getTime() === statedAt.getTime();
    await mailAccount(tx, accountId, `payout-details:${id}`, {
      subject: "Your payout details were changed",
      text: isNow ? FIRST_MAIL : changeMail(effectiveAt),
    });
    return isNow;
  });
  return {
    message: isAtOnce
      ? "Saved. What you will be owed goes there."
      : `Saved. It counts in ${PAYOUT_DETAILS_DELAY_HOURS} hours; you can cancel it until then.`,
  };
}

const FIRST_MAIL =
  "What you will be owed is to be sent to the details now on your statement page. If this was not you, change your password and those details at once.";

function changeMail(effectiveAt: Date): string {
  const at = effectiveAt.toISOString().slice(0, 16).replace("T", " ");
  return [
    `From ${at} (UTC) on, what you are owed will be sent to the new details on your statement page; until then it goes where it went before.`,
    "If this was not you: open Offcut as you always do, sign in, choose Deals, then Statement, press “Cancel this change”, and change your password. This mail has no link on purpose.",
  ].join("\n\n");
}

/** Takes back a change that does not count yet; what was said before stays in force. Throws `payout_details_missing`. */
export async function cancelPayoutDetails(actor: Actor): Promise<{ message: string }> {
  const { accountId } = actor;
  await inTransaction(async (tx) => {
    await lockPayouts(tx, accountId);
    const now = await currentTime(tx);
    if ((await cancelWaiting(tx, accountId, now)) === 0)
      throw new DomainError("payout_details_missing", "No change waits. Reload the page.");
    await recordAudit(tx, {
      ...{ actorId: accountId, action: "ledger.payout_details_cancelled", subject: ["account", accountId] },
    });
    await mailAccount(tx, accountId, `payout-details-cancelled:${accountId}:${now.getTime()}`, {
      subject: "A change of your payout details was cancelled",
      text: "What you are owed goes where it went before. If the change was not yours, change your password at once.",
    });
  });
  return { message: "Cancelled. What was said before stays in force." };
}

async function cancelWaiting(tx: Tx, accountId: string, now: Date): Promise<number> {
  const { count } = await tx.payoutDetails.updateMany({
    where: { accountId, cancelledAt: null, effectiveAt: { gt: now } },
    data: { cancelledAt: now },
  });
  return count;
}

/** Payouts to an account, or of a transfer, and its details, are decided one after another. */
export async function lockPayouts(tx: Tx, subjectId: string): Promise<void> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`payouts of ${subjectId}`}, 0))::text`;
}
