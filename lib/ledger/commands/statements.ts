import "server-only";
import { createHash, randomUUID } from "node:crypto";
import type { z } from "zod";
import { type Actor, requireRole } from "@/lib/accounts/actor";
import { recordAudit } from "@/lib/platform/audit";
import { currentTime } from "@/lib/platform/clock";
import { db, inTransaction } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { readInstallation } from "@/lib/platform/installation";
import { DomainError, notFoundError } from "@/lib/shared/domain-error";
import type { Mapping } from "../bank/csv-mapping";
import type { Statement } from "../bank/movement";
import { requireOtherDays, requireOwnAccount } from "../bank/statement-file";
import { readBankStatement, readingOfDraft } from "../queries/read-statement";
import { Prisma } from "@/prisma/generated/client";
import type { draftInput, mapStatementInput, uploadStatementInput } from "../schemas";

/** A file is deleted, confirmed or not, with the next one that is handed in after so many days. */
const DRAFT_DAYS = 7;

/**
 * Takes a bank's file and reads it, without confirming anything: its page shows every line, or asks what the columns of
 * a CSV are. A file that cannot be read is not kept.
 */
export async function uploadStatement(
  actor: Actor,
  { file }: z.infer<typeof uploadStatementInput>,
): Promise<{ redirectTo: string }> {
  requireRole(actor, "administrator");
  const bytes = new Uint8Array(await file.arrayBuffer());
  const { currency } = await readInstallation();
  const fileName = file.name.slice(0, 200);
  const reading = await readBankStatement(actor, { fileName, bytes }, { currency, mapping: null });
  const { statement } = readingOfDraft({ reading });
  if (statement) requireOwnAccount(statement, env().BANK_TRANSFER_DETAILS ?? "");
  const id = randomUUID();
  await inTransaction(async (tx) => {
    const uploadedAt = await currentTime(tx);
    await tx.statementDraft.deleteMany({
      where: { uploadedAt: { lt: new Date(uploadedAt.getTime() - DRAFT_DAYS * 86_400_000) } },
    });
    await tx.statementDraft.create({
      data: { id, uploadedById: actor.accountId, fileName, bytes, reading, uploadedAt },
    });
  });
  return { redirectTo: `/deals/payments/statements/${id}` };
}

/**
 * Keeps what the operator says of the columns, whole or not yet; the page says what is missing, or shows every line.
 * Throws `not_found` for what is not the actor's own.
 */
export async function mapStatement(
  actor: Actor,
  { draftId, ...answers }: z.infer<typeof mapStatementInput>,
): Promise<{ message: string }> {
  const draft = await getDraft(actor, draftId);
  if (!readingOfDraft(draft).table)
    throw new DomainError("mapping_incomplete", "This file is read without being told its columns.");
  const mapping: Mapping = {
    roles: answers.roles,
    dateForm: answers.dateForm,
    decimal: answers.decimal,
    meanings: Object.fromEntries(answers.words.map((word, at) => [word, answers.meanings[at] ?? "booked"])),
  };
  const { currency } = await readInstallation();
  const reading = await readBankStatement(actor, draft, { currency, mapping });
  await db.statementDraft.updateMany({ where: { id: draftId, outcome: null }, data: { mapping, reading } });
  return { message: "Kept. The page shows what it makes of the file." };
}

/** Forgets a file that was not confirmed. Throws `not_found` for what is not the actor's own. */
export async function discardStatement(
  actor: Actor,
  { draftId }: z.infer<typeof draftInput>,
): Promise<{ redirectTo: string }> {
  const { id } = await getDraft(actor, draftId);
  await db.statementDraft.delete({ where: { id } });
  return { redirectTo: "/deals/payments" };
}

/** The actor's own file, which has not been confirmed. Throws `not_found`. */
async function getDraft(actor: Actor, draftId: string) {
  requireRole(actor, "administrator");
  const draft = await db.statementDraft.findFirst({
    where: { id: draftId, uploadedById: actor.accountId },
  });
  if (!draft?.bytes) throw notFoundError("statement");
  return { ...draft, bytes: draft.bytes, mapping: draft.mapping as Mapping | null };
}

/**
 * Begins the import of a file as the actor confirmed it on its page: `shown` names what the page showed. The statement
 * is kept once, however often its file comes. Throws `not_found`, `statement_unreadable`, `mapping_incomplete`,
 * `statement_of_other_account`, `days_read_otherwise`, and `mapping_incomplete` where the page showed another reading.
 */
export async function beginImport(
  actor: Actor,
  draftId: string,
  shown: string,
): Promise<{ statementId: string; statement: Statement }> {
  const draft = await getDraft(actor, draftId);
  const { bytes, mapping } = draft;
  const { currency } = await readInstallation();
  const { statement, problem } = readingOfDraft(draft);
  if (problem) throw problem;
  if (!statement) throw new DomainError("mapping_incomplete", "Say first what the columns are.");
  if (statement.layout !== shown)
    throw new DomainError(
      "mapping_incomplete",
      "The columns were changed meanwhile. Look at the lines again.",
    );
  requireOwnAccount(statement, env().BANK_TRANSFER_DETAILS ?? "");
  const { credits, passed, layout, account } = statement;
  const days = credits.map(({ bookedOn }) => bookedOn).sort();
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const statementId = await inTransaction(async (tx) => {
    await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended('bank statements', 0))::text`;
    requireOtherDays(statement, await tx.bankStatement.findMany({ where: { firstDay: { not: "" } } }));
    const known = await tx.bankStatement.findUnique({ where: { sha256 } });
    if (known) return known.id;
    const { id } = await tx.bankStatement.create({
      data: {
        ...{ sha256, layout, account, currency, firstDay: days[0] ?? "", lastDay: days.at(-1) ?? "" },
        ...{ credits: credits.length, passedOver: passed.length, mapping: mapping ?? undefined },
        creditMinor: credits.reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
        ...{ importedById: actor.accountId, importedAt: await currentTime(tx) },
      },
    });
    await recordAudit(tx, {
      ...{ actorId: actor.accountId, action: "ledger.statement_imported", subject: ["statement", id] },
      details: { sha256, layout, credits: String(credits.length) },
    });
    return id;
  });
  return { statementId, statement };
}

/** The import is over: its outcome is kept for the page, and the file, with other people's payments in it, is not. */
export async function endImport(draftId: string, outcome: string): Promise<void> {
  await db.statementDraft.updateMany({
    where: { id: draftId },
    data: { bytes: null, reading: Prisma.DbNull, outcome },
  });
}
