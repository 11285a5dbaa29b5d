import "server-only";
import type { z } from "zod";
import { type Actor, requireRole } from "@/lib/accounts/actor";
import { mailAccount } from "@/lib/accounts/commands/mail-account";
import { recordAudit } from "@/lib/platform/audit";
import { currentTime } from "@/lib/platform/clock";
import { inTransaction } from "@/lib/platform/db";
import { notFoundError, refuseUnless } from "@/lib/shared/domain-error";
import { lockAppeal, lockSanction } from "../records";
import { requireAppealJudge, requireAppealable } from "../sanction";
import type { decideAppealInput, fileAppealInput } from "../schemas";
import { undoSanction } from "./sanction";

/**
 * Whom a decision hit asks for another look, once. A suspended account cannot sign in: for a suspension the
 * unguessable id, which only its owner was mailed, stands for the account.
 */
export async function fileAppeal(actor: Actor | null, input: z.infer<typeof fileAppealInput>) {
  await inTransaction(async (tx) => {
    const sanction = await lockSanction(tx, input.sanctionId);
    const appellantId = actor?.accountId ?? (sanction.kind === "suspend" ? sanction.accountId : "");
    requireAppealable(sanction, appellantId);
    await tx.appeal.create({
      data: {
        sanctionId: sanction.id,
        appellantId,
        body: input.body,
        createdAt: await currentTime(tx),
      },
    });
    await recordAudit(tx, {
      actorId: appellantId,
      action: "file_appeal",
      subject: ["sanction", sanction.id],
    });
  });
  return { message: "Your appeal is filed. Somebody who did not take the decision will read it." };
}

/** Grants an appeal, which lifts the sanction in the same transaction, or refuses it with a reason. */
export async function decideAppeal(actor: Actor, input: z.infer<typeof decideAppealInput>) {
  requireRole(actor, "moderator");
  await inTransaction(async (tx) => {
    const appeal = await lockAppeal(tx, input.appealId);
    if (!appeal) throw notFoundError("appeal");
    refuseUnless(appeal.state === "open", "appeal_closed", "This appeal has been decided already.");
    const sanction = await lockSanction(tx, appeal.sanctionId);
    requireAppealJudge(sanction, actor.accountId);
    await tx.appeal.update({
      where: { id: appeal.id },
      data: {
        state: input.decision,
        decision: input.rationale,
        decidedById: actor.accountId,
        decidedAt: await currentTime(tx),
      },
    });
    if (input.decision === "granted" && !sanction.liftedAt)
      await undoSanction(tx, actor, sanction, input.rationale);
    await mailAccount(tx, sanction.accountId, `appeal-${appeal.id}`, {
      subject: `Your appeal was ${input.decision}`,
      text: `The appeal against a moderation decision was ${input.decision}.\n\nReason: ${input.rationale}`,
    });
    await recordAudit(tx, {
      actorId: actor.accountId,
      action: `appeal_${input.decision}`,
      subject: ["sanction", sanction.id],
      reason: input.rationale,
    });
  });
  return { message: `The appeal is ${input.decision}.` };
}
