import "server-only";
import type { z } from "zod";
import { type Actor, requireRole } from "@/lib/accounts/actor";
import { mailAccount } from "@/lib/accounts/commands/mail-account";
import { addTimelineEvent } from "@/lib/catalogue/commands/add-timeline-event";
import { settleByRuling } from "@/lib/deals/commands/settle-by-ruling";
import { recordAudit } from "@/lib/platform/audit";
import { currentTime } from "@/lib/platform/clock";
import { inTransaction } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { notFoundError } from "@/lib/shared/domain-error";
import { formatMoney, money, parseAmount } from "@/lib/shared/money";
import { type RulingAmounts, outcomeLabels, requireRulable, rulingAmounts } from "../dispute";
import { type LockedDispute, lockDispute } from "../records";
import type { ruleDisputeInput } from "../schemas";
import { recordRuling } from "./record-ruling";

/** Settles a dispute: ruling, deal, journal, licence, timeline, mails, audit and the log's statement in one transaction, once. */
export async function ruleDispute(actor: Actor, input: z.infer<typeof ruleDisputeInput>) {
  requireRole(actor, "moderator");
  await inTransaction(async (tx) => {
    const dispute = await lockDispute(tx, input.disputeId);
    if (!dispute) throw notFoundError("dispute");
    requireRulable(dispute, actor.accountId);
    const split =
      input.outcome === "split" ? parseAmount(input.buyerAmount, dispute.currency, "buyerAmount") : null;
    const amounts = rulingAmounts(input.outcome, dispute.heldMinor, split);
    const createdAt = await currentTime(tx);
    const facts = { disputeId: dispute.id, moderatorId: actor.accountId, rationale: input.rationale };
    const envelopeSha256 = await recordRuling(tx, {
      ...facts,
      ...amounts,
      ...{ dealId: dispute.dealId, currency: dispute.currency, at: createdAt },
    });
    await tx.ruling.create({ data: { ...facts, ...amounts, createdAt, envelopeSha256 } });
    await tx.dispute.update({ where: { id: dispute.id }, data: { state: "ruled" } });
    await settleByRuling(tx, dispute.dealId, { ...amounts, envelopeSha256 });
    await addTimelineEvent(tx, dispute.listingId, {
      kind: "disputed",
      fromDate: createdAt,
      text: `A deal was disputed and settled by ruling: ${outcomeLabels[amounts.outcome].toLowerCase()}.`,
      originator: "moderator",
      isAdverse: amounts.outcome !== "release",
      subjectId: dispute.id,
    });
    for (const accountId of [dispute.buyerId, dispute.sellerId]) {
      await mailAccount(tx, accountId, `ruling-${dispute.id}-${accountId}`, {
        subject: "Your dispute was settled",
        text: rulingText(dispute, amounts, input.rationale),
      });
    }
    await recordAudit(tx, {
      actorId: actor.accountId,
      action: `rule_${amounts.outcome}`,
      subject: ["deal", dispute.dealId],
      reason: input.rationale,
      details: { buyerMinor: amounts.buyerMinor.toString(), sellerMinor: amounts.sellerMinor.toString() },
    });
  });
  return { message: "The ruling stands and the money has moved." };
}

function rulingText(dispute: LockedDispute, amounts: RulingAmounts, rationale: string): string {
  const amount = (minor: bigint) => formatMoney(money(minor, dispute.currency));
  return (
    `${outcomeLabels[amounts.outcome]}.\n\nTo the buyer: ${amount(amounts.buyerMinor)}\n` +
    `To the seller's side, before the fee: ${amount(amounts.sellerMinor)}\n\nReason: ${rationale}\n\n` +
    `${env().APP_ORIGIN}/deals/${dispute.dealId}`
  );
}
