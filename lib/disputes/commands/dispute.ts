import "server-only";
import type { z } from "zod";
import { type Actor, hasRole } from "@/lib/accounts/actor";
import { limits, requireRoom } from "@/lib/accounts/limits";
import { mailAccount } from "@/lib/accounts/commands/mail-account";
import { closeDisputeOnDeal, openDisputeOnDeal } from "@/lib/deals/commands/dispute-deal";
import { requireParty } from "@/lib/deals/deal";
import { currentTime } from "@/lib/platform/clock";
import { inTransaction } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { notFoundError, refuseUnless } from "@/lib/shared/domain-error";
import { disputeDeadlines, disputeReasons, requireWithdrawable } from "../dispute";
import { lockDispute } from "../records";
import type { addStatementInput, openDisputeInput, withdrawDisputeInput } from "../schemas";

/**
 * A party freezes a funded deal and says what is wrong; the clocks of the deal stop in the same transaction. Each party
 * has this once, whatever became of the other's.
 */
export async function openDispute(actor: Actor, input: z.input<typeof openDisputeInput>) {
  await inTransaction(async (tx) => {
    const deal = await openDisputeOnDeal(tx, actor, input.dealId, input.envelope);
    const openedAt = await currentTime(tx);
    const dispute = await tx.dispute.create({
      data: {
        dealId: input.dealId,
        party: requireParty(deal, actor.accountId),
        openedById: actor.accountId,
        reason: input.reason,
        statement: input.statement,
        openedAt,
        ...disputeDeadlines(openedAt),
      },
    });
    const otherId = actor.accountId === deal.buyerId ? deal.sellerId : deal.buyerId;
    await mailAccount(tx, otherId, `dispute-${dispute.id}`, {
      subject: "A dispute was opened on your deal",
      text:
        `${disputeReasons[input.reason]}.\n\n${input.statement}\n\n` +
        `The held payment stays where it is. Answer by ${dispute.answerBy.toUTCString()}: ` +
        `${env().APP_ORIGIN}/deals/${input.dealId}/dispute`,
    });
  });
  return { redirectTo: `/deals/${input.dealId}/dispute` };
}

/** Adds a statement of a party or a question of a moderator to an open dispute. */
export async function addStatement(actor: Actor, input: z.infer<typeof addStatementInput>) {
  await inTransaction(async (tx) => {
    const dispute = await lockDispute(tx, input.disputeId);
    const isParty = dispute && [dispute.buyerId, dispute.sellerId].includes(actor.accountId);
    if (!dispute || !(isParty || hasRole(actor, "moderator"))) throw notFoundError("dispute");
    refuseUnless(dispute.state === "open", "dispute_closed", "This dispute has been settled already.");
    const own = await tx.disputeStatement.count({
      where: { disputeId: dispute.id, authorId: actor.accountId },
    });
    const most = limits.statementsInDispute;
    requireRoom(
      own,
      most,
      `You have made ${most} statements in this dispute, and each side may make no more.`,
    );
    await tx.disputeStatement.create({
      data: {
        disputeId: dispute.id,
        authorId: actor.accountId,
        body: input.body,
        createdAt: await currentTime(tx),
      },
    });
  });
  return { message: "Your statement is on record." };
}

/**
 * Who opened the dispute takes it back, for good: the deal goes on where it was, with a fresh clock. The other side
 * keeps its own right to one.
 */
export async function withdrawDispute(actor: Actor, input: z.infer<typeof withdrawDisputeInput>) {
  const dealId = await inTransaction(async (tx) => {
    const dispute = await lockDispute(tx, input.disputeId);
    if (!dispute) throw notFoundError("dispute");
    requireWithdrawable(dispute, actor.accountId);
    await closeDisputeOnDeal(tx, actor, dispute.dealId);
    await tx.dispute.update({ where: { id: dispute.id }, data: { state: "withdrawn" } });
    return dispute.dealId;
  });
  return { redirectTo: `/deals/${dealId}` };
}
