import "server-only";
import type { z } from "zod";
import { type Actor, requireRole } from "@/lib/accounts/actor";
import { mailAccount } from "@/lib/accounts/commands/mail-account";
import { reinstateAccount, requireSuspendable, suspendAccount } from "@/lib/accounts/commands/roles";
import {
  freezeListing,
  restoreListing,
  takeDownListing,
  unfreezeListing,
} from "@/lib/catalogue/commands/moderate-listing";
import { listingNamesById } from "@/lib/catalogue/queries/listing-names";
import { recordAudit } from "@/lib/platform/audit";
import { currentTime } from "@/lib/platform/clock";
import { type Tx, inTransaction } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { notFoundError, refuseUnless } from "@/lib/shared/domain-error";
import { type LockedSanction, lockSanction } from "../records";
import { type SanctionKindName, requireUninvolved, sanctionLabels } from "../sanction";
import type { liftSanctionInput, sanctionListingInput, suspendAccountInput } from "../schemas";

type Imposed = {
  kind: SanctionKindName;
  subjectKind: "listing" | "account";
  subjectId: string;
  accountId: string;
};

/** Freezes or takes down a listing, with a reason the seller reads and may appeal. */
export async function sanctionListing(actor: Actor, input: z.infer<typeof sanctionListingInput>) {
  requireRole(actor, "moderator");
  await inTransaction(async (tx) => {
    const listing = (await listingNamesById([input.listingId], tx)).get(input.listingId);
    if (!listing) throw notFoundError("listing");
    requireUninvolved(actor.accountId, listing.sellerId);
    const subject = { subjectKind: "listing" as const, subjectId: listing.id, accountId: listing.sellerId };
    await impose(tx, actor, { kind: input.kind, ...subject }, input.reason);
    if (input.kind === "freeze") await freezeListing(tx, listing.id, input.reason);
    else await takeDownListing(tx, listing.id, input.reason);
  });
  return { message: input.kind === "freeze" ? "The listing is frozen." : "The listing is taken down." };
}

/** Suspends an account: its sessions end at once, running deals go on. */
export async function suspendForCause(actor: Actor, input: z.infer<typeof suspendAccountInput>) {
  requireRole(actor, "moderator");
  requireUninvolved(actor.accountId, input.accountId);
  await inTransaction(async (tx) => {
    const { accountId, reason } = input;
    await requireSuspendable(tx, accountId);
    const subject = { subjectKind: "account" as const, subjectId: accountId, accountId };
    await impose(tx, actor, { kind: "suspend", ...subject }, reason);
    await suspendAccount(tx, actor, accountId, reason);
  });
  return { message: "The account is suspended." };
}

/** Lifts a sanction with a reason. */
export async function liftSanction(actor: Actor, input: z.infer<typeof liftSanctionInput>) {
  requireRole(actor, "moderator");
  await inTransaction(async (tx) => {
    const sanction = await lockSanction(tx, input.sanctionId);
    requireUninvolved(actor.accountId, sanction.accountId);
    refuseUnless(!sanction.liftedAt, "already_lifted", "This decision has been lifted already.");
    await undoSanction(tx, actor, sanction, input.reason);
  });
  return { message: "The decision is lifted." };
}

async function impose(tx: Tx, actor: Actor, imposed: Imposed, reason: string): Promise<void> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtext(${`sanction:${imposed.subjectId}`}))::text`;
  const standing = await tx.sanction.findFirst({
    where: { subjectId: imposed.subjectId, kind: imposed.kind, liftedAt: null },
  });
  refuseUnless(!standing, "already_imposed", "This stands already.");
  const sanction = await tx.sanction.create({
    data: { ...imposed, reason, moderatorId: actor.accountId, createdAt: await currentTime(tx) },
  });
  await mailAccount(tx, imposed.accountId, `sanction-${sanction.id}`, {
    subject: `A moderator's decision about your ${imposed.subjectKind}`,
    text:
      `${sanctionLabels[imposed.kind]}.\n\nReason: ${reason}\n\n` +
      `You may appeal: ${env().APP_ORIGIN}/appeals/${sanction.id}`,
  });
  if (imposed.kind !== "suspend") await auditSanction(tx, actor, imposed, imposed.kind, reason);
}

/** Undoes what a sanction did, in the caller's transaction. */
export async function undoSanction(
  tx: Tx,
  actor: Actor,
  sanction: LockedSanction,
  reason: string,
): Promise<void> {
  await tx.sanction.update({
    where: { id: sanction.id },
    data: { liftedAt: await currentTime(tx), liftedById: actor.accountId, liftReason: reason },
  });
  if (sanction.kind === "freeze") await unfreezeListing(tx, sanction.subjectId, reason);
  else if (sanction.kind === "take_down") await restoreListing(tx, sanction.subjectId, reason);
  else await reinstateAccount(tx, actor, sanction.subjectId, reason);
  await mailAccount(tx, sanction.accountId, `sanction-lifted-${sanction.id}`, {
    subject: "A moderator's decision was lifted",
    text: `This no longer stands: ${sanctionLabels[sanction.kind]}.\n\nReason: ${reason}`,
  });
  if (sanction.kind !== "suspend") await auditSanction(tx, actor, sanction, `lift_${sanction.kind}`, reason);
}

/** Suspensions are audited where accounts change. */
async function auditSanction(
  tx: Tx,
  actor: Actor,
  subject: { subjectKind: string; subjectId: string },
  action: string,
  reason: string,
): Promise<void> {
  await recordAudit(tx, {
    actorId: actor.accountId,
    action,
    subject: [subject.subjectKind, subject.subjectId],
    reason,
  });
}
