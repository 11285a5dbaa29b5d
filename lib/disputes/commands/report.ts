import "server-only";
import { createHmac } from "node:crypto";
import type { z } from "zod";
import { type Actor, requireRole } from "@/lib/accounts/actor";
import type { Client } from "@/lib/accounts/client";
import { countReport } from "@/lib/accounts/commands/attempts";
import { recordAudit } from "@/lib/platform/audit";
import { currentTime } from "@/lib/platform/clock";
import { db, inTransaction, type Tx } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { DomainError, notFoundError, refuseUnless } from "@/lib/shared/domain-error";
import { type ReportSubject, subjectOfPath } from "../report";
import type { fileReportInput, resolveReportInput, resolveReportsInput } from "../schemas";

type Sender = Pick<Client, "ip">;

/**
 * Keeps a report of anybody, or says that it did not: `report_not_kept` with the time to wait when this sender sent too
 * many. What the same sender has said already, word for word, about the same thing stands, and is not counted again.
 */
export async function fileReport(
  actor: Actor | null,
  input: z.infer<typeof fileReportInput>,
  sender: Sender,
): Promise<{ message: string }> {
  const subject = subjectOfPath(input.about);
  const known = await db.reportedSubject.findUnique({ where: { kind_name: subject }, select: { id: true } });
  const said = { senderMark: senderMark(actor, sender), reason: input.reason, body: input.body };
  const stands = { message: "You have reported exactly this already. The first report stands." };
  if (known && said.senderMark) {
    const open = { ...said, subjectId: known.id, state: "open" as const };
    if (await db.report.findFirst({ where: open, select: { id: true } })) return stands;
  }
  const waiting = await countReport(actor?.accountId ?? null, sender.ip);
  if (waiting !== null) throw notKept(actor, waiting);
  const subjectId = known?.id ?? (await subjectIdOf(subject));
  const report = { ...said, subjectId, reporterId: actor?.accountId ?? null, pageUrl: input.about };
  const { count } = await db.report.createMany({ data: [report], skipDuplicates: true });
  return count === 0 ? stands : { message: "Thank you. A moderator will read this." };
}

function notKept(actor: Actor | null, waiting: string): DomainError {
  const limit = actor ? "20 reports an hour and 100 a day" : "10 reports an hour without signing in";
  const message = `This report was not kept: you may send ${limit}. Try again in ${waiting}; your text is still here.`;
  return new DomainError("report_not_kept", message);
}

async function subjectIdOf(subject: ReportSubject): Promise<string> {
  await db.reportedSubject.createMany({ data: [subject], skipDuplicates: true });
  const { id } = await db.reportedSubject.findUniqueOrThrow({ where: { kind_name: subject } });
  return id;
}

/** Tells one sender from another and, without the installation's secret, nothing else. */
function senderMark(actor: Actor | null, { ip }: Sender): string | null {
  const sender = actor ? `account ${actor.accountId}` : ip && `network ${ip}`;
  return sender && createHmac("sha256", env().NEXTAUTH_SECRET).update(`report by ${sender}`).digest("hex");
}

/** Closes a report with a reason, once. */
export async function resolveReport(
  actor: Actor,
  input: z.infer<typeof resolveReportInput>,
): Promise<{ message: string }> {
  requireRole(actor, "moderator");
  const report = await db.report.findUnique({ where: { id: input.reportId }, select: { subjectId: true } });
  if (!report) throw notFoundError("report");
  await inTransaction(async (tx) => {
    await lockSubject(tx, report.subjectId);
    const count = await close(tx, actor, { id: input.reportId }, input);
    refuseUnless(count === 1, "report_closed", "This report has been closed already.");
    await recordAudit(tx, {
      actorId: actor.accountId,
      action: `report_${input.decision}`,
      subject: ["report", input.reportId],
      reason: input.resolution,
    });
  });
  return { message: "The report is closed." };
}

/** Closes every open report about one thing that the moderator has seen, with one reason; later ones stay open. */
export async function resolveReports(
  actor: Actor,
  input: z.infer<typeof resolveReportsInput>,
): Promise<{ message: string }> {
  requireRole(actor, "moderator");
  const { subjectId, seenUntil, decision, resolution } = input;
  const { closed, left } = await inTransaction(async (tx) => {
    const subject = await lockSubject(tx, subjectId);
    const seen = { subjectId, createdAt: { lte: new Date(seenUntil) } };
    const count = await close(tx, actor, seen, input);
    refuseUnless(count > 0, "report_closed", "These reports have been closed already.");
    await recordAudit(tx, {
      actorId: actor.accountId,
      action: `reports_${decision}`,
      subject: ["reports", subjectId],
      reason: resolution,
      details: { subject: `${subject.kind} ${subject.name}`, count },
    });
    return { closed: count, left: subject.openCount - count };
  });
  const others = left > 0 ? ` ${counted(left)} came in meanwhile and stayed open.` : "";
  return { message: `${counted(closed)} closed.${others}` };
}

function counted(count: number): string {
  return count === 1 ? "One report" : `${count.toLocaleString("en")} reports`;
}

/** Locks what reports are about, always before the reports; throws `not_found`. */
async function lockSubject(tx: Tx, subjectId: string) {
  await tx.$queryRaw`SELECT id FROM "ReportedSubject" WHERE id = ${subjectId} FOR UPDATE`;
  const subject = await tx.reportedSubject.findUnique({ where: { id: subjectId } });
  if (!subject) throw notFoundError("report");
  return subject;
}

type Which = { id: string } | { subjectId: string; createdAt: { lte: Date } };
type Decision = Pick<z.infer<typeof resolveReportInput>, "decision" | "resolution">;

/** How many of these were open and are closed now. */
async function close(
  tx: Tx,
  actor: Actor,
  which: Which,
  { decision, resolution }: Decision,
): Promise<number> {
  const handled = { handledById: actor.accountId, handledAt: await currentTime(tx) };
  const { count } = await tx.report.updateMany({
    where: { ...which, state: "open" },
    data: { state: decision, resolution, ...handled },
  });
  return count;
}
