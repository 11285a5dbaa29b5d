import "server-only";
import type { z } from "zod";
import { recordAudit } from "@/lib/platform/audit";
import { currentTime } from "@/lib/platform/clock";
import { inTransaction, type Tx } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { notFoundError, refuseUnless } from "@/lib/shared/domain-error";
import { type Actor, requireRole } from "../actor";
import { removalAskedMail, removalDoneMail } from "../mails";
import { lockFactors } from "../records/factors";
import type { askFactorRemovalInput, factorRemovalInput } from "../schemas";
import { removableAt } from "../second-factor";
import { mailAccount } from "./mail-account";

const open = { doneAt: null, stoppedAt: null } as const;

async function findOpen(tx: Tx, removalId: string) {
  const found = await tx.factorRemoval.findFirst({ where: { id: removalId, ...open } });
  if (!found) throw notFoundError("removal");
  const account = await lockFactors(tx, found.accountId);
  const removal = await tx.factorRemoval.findFirst({ where: { id: removalId, ...open } });
  if (!removal) throw notFoundError("removal");
  return { removal, account };
}

async function note(tx: Tx, actor: Actor, action: string, accountId: string, reason: string): Promise<void> {
  await recordAudit(tx, { actorId: actor.accountId, action, subject: ["account", accountId], reason });
}

/**
 * An administrator asks that all second factors of somebody who lost them be removed. The owner is told by mail and can
 * stop it; nothing changes for 72 hours. Throws `not_found`, and `administrator` for the own account.
 */
export async function askFactorRemoval(
  actor: Actor,
  { handle, reason }: z.infer<typeof askFactorRemovalInput>,
): Promise<{ message: string }> {
  requireRole(actor, "administrator");
  await inTransaction(async (tx) => {
    const found = await tx.account.findUnique({ where: { handle }, select: { id: true } });
    if (!found) throw notFoundError("account");
    refuseUnless(found.id !== actor.accountId, "administrator", "Somebody else must ask this for you.");
    const account = await lockFactors(tx, found.id);
    if (account.secondFactors.length === 0) throw notFoundError("second factor");
    const running = await tx.factorRemoval.findFirst({ where: { accountId: account.id, ...open } });
    if (running) return;
    const { id } = await tx.factorRemoval.create({
      data: { accountId: account.id, reason, askedById: actor.accountId, askedAt: await currentTime(tx) },
    });
    await note(tx, actor, "second_factor.removal_asked", account.id, reason);
    const mail = removalAskedMail(account.displayName, reason, env().APP_ORIGIN);
    await mailAccount(tx, account.id, `removal-asked:${id}`, mail);
  });
  return { message: "Noted. Another administrator can remove them 72 hours from now." };
}

/**
 * A second administrator removes every second factor and recovery code, 72 hours after the first one asked; every
 * session ends. Roles sleep until their holder has a factor again. Throws `not_found`, `administrator`, `removal_waits`.
 */
export async function removeLostFactors(
  actor: Actor,
  { removalId }: z.infer<typeof factorRemovalInput>,
): Promise<{ message: string }> {
  requireRole(actor, "administrator");
  await inTransaction(async (tx) => {
    const { removal, account } = await findOpen(tx, removalId);
    const isOther = ![removal.askedById, removal.accountId].includes(actor.accountId);
    refuseUnless(isOther, "administrator", "Another administrator than who asked must remove them.");
    const now = await currentTime(tx);
    refuseUnless(now >= removableAt(removal.askedAt), "removal_waits", "72 hours have not passed yet.");
    await tx.factorRemoval.update({
      where: { id: removal.id },
      data: { doneById: actor.accountId, doneAt: now },
    });
    await tx.secondFactor.deleteMany({ where: { accountId: account.id } });
    await tx.recoveryCode.deleteMany({ where: { accountId: account.id } });
    await tx.signInAttempt.deleteMany({ where: { accountId: account.id } });
    await tx.session.updateMany({
      where: { accountId: account.id, endedAt: null },
      data: { endedAt: new Date() },
    });
    await note(tx, actor, "second_factor.lost_removed", account.id, removal.reason);
    const mail = removalDoneMail(account.displayName, env().APP_ORIGIN);
    await mailAccount(tx, account.id, `removal-done:${removal.id}`, mail);
  });
  return { message: "Removed. The password alone opens the account now." };
}

/** Stops a removal that waits: its owner, or an administrator. For all others there is none. */
export async function stopFactorRemoval(
  actor: Actor,
  { removalId }: z.infer<typeof factorRemovalInput>,
): Promise<{ message: string }> {
  await inTransaction(async (tx) => {
    const { removal } = await findOpen(tx, removalId);
    if (removal.accountId !== actor.accountId) requireRole(actor, "administrator");
    await tx.factorRemoval.update({
      where: { id: removal.id },
      data: { stoppedAt: await currentTime(tx) },
    });
    await note(tx, actor, "second_factor.removal_stopped", removal.accountId, removal.reason);
  });
  return { message: "Stopped. Nothing was removed." };
}
