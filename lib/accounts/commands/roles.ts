import "server-only";
import { randomUUID } from "node:crypto";
import type { z } from "zod";
import { recordAudit } from "@/lib/platform/audit";
import { inTransaction, type Tx } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { enqueueMail } from "@/lib/platform/outbox";
import { notFoundError, refuseUnless } from "@/lib/shared/domain-error";
import { type Actor, requireRole, type RoleName } from "../actor";
import { rolesChangedMail } from "../mails";
import { confirmedFactor, hasSecondFactor } from "../records/factors";
import type { changeRoleInput } from "../schemas";
import { isExempt, wakeRoles } from "../second-factor";

type ChangeRole = z.infer<typeof changeRoleInput>;

/** What belongs to a change of role beside it, in the same transaction. */
export type Alongside = (tx: Tx, accountId: string) => Promise<void>;
const nothing: Alongside = async () => {};

async function lockAccount(tx: Tx, where: { handle: string } | { id: string }) {
  const found = await tx.account.findUnique({ where });
  if (!found) throw notFoundError("account");
  await tx.$queryRaw`SELECT id FROM "Account" WHERE id = ${found.id} FOR UPDATE`;
  return tx.account.findUniqueOrThrow({ where: { id: found.id } });
}

async function writeRoles(
  tx: Tx,
  actor: Actor,
  account: { id: string; email: string; displayName: string; isDemo: boolean },
  roles: RoleName[],
  change: { action: "role.granted" | "role.revoked"; role: RoleName; reason: string },
): Promise<void> {
  await tx.account.update({ where: { id: account.id }, data: { roles } });
  await recordAudit(tx, {
    actorId: actor.accountId,
    action: change.action,
    subject: ["account", account.id],
    reason: change.reason,
    details: { role: change.role },
  });
  const sentence = `${change.action === "role.granted" ? "You are now" : "You are no longer"} ${change.role}.`;
  const { sleepingRoles } = wakeRoles([change.role], {
    hasSecondFactor: await hasSecondFactor(tx, account.id),
    isExempt: isExempt(account, env().OFFCUT_DEMO),
  });
  const sleeps = change.action === "role.granted" && sleepingRoles.length > 0;
  const mail = rolesChangedMail(account.displayName, `${sentence} Reason: ${change.reason}.`, sleeps);
  await enqueueMail(tx, `roles-changed:${randomUUID()}`, { to: account.email, ...mail });
}

/**
 * Grants a role; for administrators only. Audited, told by mail, and in force from the account's
 * next request; an operator's role sleeps until the account has a second factor.
 */
export async function grantRole(
  actor: Actor,
  input: ChangeRole,
  alongside = nothing,
): Promise<{ message: string }> {
  requireRole(actor, "administrator");
  await inTransaction(async (tx) => {
    await requireStillAdministrator(tx, actor);
    const account = await lockAccount(tx, { handle: input.handle });
    refuseUnless(
      account.emailVerifiedAt,
      "address_unconfirmed",
      "This account has not confirmed its address.",
    );
    if (account.roles.includes(input.role)) return;
    await writeRoles(tx, actor, account, [...account.roles, input.role], {
      action: "role.granted",
      ...input,
    });
    await alongside(tx, account.id);
  });
  return { message: `${input.handle} is now ${input.role}.` };
}

/** Takes a role away; acts on the account's next request. The last administrator who can act cannot be lost. */
export async function revokeRole(
  actor: Actor,
  input: ChangeRole,
  alongside = nothing,
): Promise<{ message: string }> {
  requireRole(actor, "administrator");
  await inTransaction(async (tx) => {
    // Two administrators who remove each other at the same moment must not leave none.
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('accounts.administrators'))`;
    await requireStillAdministrator(tx, actor);
    const account = await lockAccount(tx, { handle: input.handle });
    if (!account.roles.includes(input.role)) return;
    if (input.role === "administrator") {
      const others = await tx.account.count({
        where: {
          ...{ roles: { has: "administrator" }, status: "active", id: { not: account.id } },
          OR: [
            { secondFactors: { some: confirmedFactor } },
            ...(env().OFFCUT_DEMO ? [{ isDemo: true }] : []),
          ],
        },
      });
      refuseUnless(
        others > 0,
        "last_administrator",
        "This is the last administrator. Make another one first.",
      );
    }
    const roles = account.roles.filter((role) => role !== input.role);
    await writeRoles(tx, actor, account, roles, { action: "role.revoked", ...input });
    await alongside(tx, account.id);
  });
  return { message: `${input.handle} is no longer ${input.role}.` };
}

async function requireStillAdministrator(tx: Tx, actor: Actor): Promise<void> {
  const own = await tx.account.findUnique({ where: { id: actor.accountId } });
  if (!own?.roles.includes("administrator") || own.status !== "active") throw notFoundError("page");
}

/** Throws `not_found`, or `administrator`: that role has to be given up first. */
export async function requireSuspendable(tx: Tx, accountId: string): Promise<void> {
  const account = await tx.account.findUnique({ where: { id: accountId }, select: { roles: true } });
  if (!account) throw notFoundError("account");
  refuseUnless(
    !account.roles.includes("administrator"),
    "administrator",
    "An administrator has to give up that role before being suspended.",
  );
}

/**
 * Suspends an account in the caller's transaction: ends its sessions and writes the audit event.
 * The caller has decided that `actor` may, and mails the reason and the way to appeal. A second suspension changes the reason.
 */
export async function suspendAccount(tx: Tx, actor: Actor, accountId: string, reason: string): Promise<void> {
  const account = await lockAccount(tx, { id: accountId });
  await tx.account.update({
    where: { id: account.id },
    data: { status: "suspended", suspendedReason: reason },
  });
  await tx.session.updateMany({ where: { accountId, endedAt: null }, data: { endedAt: new Date() } });
  await auditStanding(tx, actor, "account.suspended", accountId, reason);
}

/** Lifts a suspension in the caller's transaction. The account signs in anew. */
export async function reinstateAccount(
  tx: Tx,
  actor: Actor,
  accountId: string,
  reason: string,
): Promise<void> {
  const account = await lockAccount(tx, { id: accountId });
  if (account.status === "active") return;
  await tx.account.update({ where: { id: account.id }, data: { status: "active", suspendedReason: null } });
  await auditStanding(tx, actor, "account.reinstated", accountId, reason);
}

async function auditStanding(tx: Tx, actor: Actor, action: string, accountId: string, reason: string) {
  await recordAudit(tx, {
    actorId: actor.accountId,
    actorKind: actor.kind,
    action,
    subject: ["account", accountId],
    reason,
  });
}
