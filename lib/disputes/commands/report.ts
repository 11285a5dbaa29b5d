import "server-only";
import type { z } from "zod";
import { type Actor, requireRole } from "@/lib/accounts/actor";
import { recordAudit } from "@/lib/platform/audit";
import { currentTime } from "@/lib/platform/clock";
import { db, inTransaction } from "@/lib/platform/db";
import { notFoundError, refuseUnless } from "@/lib/shared/domain-error";
import { subjectOfPath } from "../report";
import type { fileReportInput, resolveReportInput } from "../schemas";

const OPEN_REPORTS_PER_SUBJECT = 50;

/** Takes a report from anybody. Many open reports of one thing are one case: further ones are thanked, not kept. */
export async function fileReport(actor: Actor | null, input: z.infer<typeof fileReportInput>) {
  const subject = subjectOfPath(input.about);
  const open = await db.report.count({
    where: { subjectKind: subject.kind, subjectId: subject.id, state: "open" },
  });
  if (open < OPEN_REPORTS_PER_SUBJECT) {
    await db.report.create({
      data: {
        reporterId: actor?.accountId ?? null,
        subjectKind: subject.kind,
        subjectId: subject.id,
        pageUrl: input.about,
        reason: input.reason,
        body: input.body,
      },
    });
  }
  return { message: "Thank you. A moderator will read this." };
}

/** Closes a report with a reason, once. */
export async function resolveReport(actor: Actor, input: z.infer<typeof resolveReportInput>) {
  requireRole(actor, "moderator");
  await inTransaction(async (tx) => {
    const rows = await tx.$queryRaw<{ state: string }[]>`
      SELECT state::text FROM "Report" WHERE id = ${input.reportId} FOR UPDATE`;
    if (!rows[0]) throw notFoundError("report");
    refuseUnless(rows[0].state === "open", "report_closed", "This report has been closed already.");
    await tx.report.update({
      where: { id: input.reportId },
      data: {
        state: input.decision,
        resolution: input.resolution,
        handledById: actor.accountId,
        handledAt: await currentTime(tx),
      },
    });
    await recordAudit(tx, {
      actorId: actor.accountId,
      action: `report_${input.decision}`,
      subject: ["report", input.reportId],
      reason: input.resolution,
    });
  });
  return { message: "The report is closed." };
}
