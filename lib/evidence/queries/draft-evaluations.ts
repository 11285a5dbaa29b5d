import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { type Tx, db } from "@/lib/platform/db";
import { Prisma } from "@/prisma/generated/client";
import { type EvaluationRecord, recordOf } from "../records/evaluations";

/** The evaluations added to a draft that their signers stand by, the earliest run first. */
export async function listEvaluationsOfDraft(
  tx: Pick<Tx, "evaluation">,
  draftId: string,
): Promise<EvaluationRecord[]> {
  const rows = await tx.evaluation.findMany({
    where: { draftId, withdrawal: null },
    orderBy: [{ finishedAt: "asc" }, { id: "asc" }],
  });
  return rows.map(recordOf);
}

/** Every evaluation that an account brought to a draft, newest first. */
export async function listEvaluationsBroughtTo(
  tx: Pick<Tx, "evaluation">,
  draftId: string,
  evaluatorId: string,
): Promise<EvaluationRecord[]> {
  const rows = await tx.evaluation.findMany({
    where: { draftId, evaluatorId },
    orderBy: [{ createdAt: "desc" }, { id: "asc" }],
  });
  return rows.map(recordOf);
}

/** How many evaluations an account has brought about one listing, signed or not. */
export async function countEvaluationsOf(
  tx: Pick<Tx, "evaluation">,
  listingId: string,
  evaluatorId: string,
): Promise<number> {
  return tx.evaluation.count({ where: { listingId, evaluatorId } });
}

/** An evaluation that an account brought; null for everybody else's. */
export async function findBroughtEvaluation(
  tx: Pick<Tx, "evaluation">,
  evaluationId: string,
  evaluatorId: string,
): Promise<EvaluationRecord | null> {
  const row = await tx.evaluation.findFirst({ where: { id: evaluationId, evaluatorId } });
  return row && recordOf(row);
}

/** Which of these evaluations are signed. One query for any number. */
export async function signedAmong(
  evaluationIds: readonly string[],
  tx: Pick<Tx, "evaluation"> = db,
): Promise<Set<string>> {
  const rows = await tx.evaluation.findMany({
    where: { id: { in: [...evaluationIds] }, envelopeSha256: { not: null } },
    select: { id: true },
  });
  return new Set(rows.map(({ id }) => id));
}

/** Evaluations of the actor's own listings that wait for the actor's signature, by listing. */
export async function findUnsignedEvaluations(actor: Actor): Promise<Record<string, string>> {
  const rows = await db.evaluation.findMany({
    where: {
      evaluatorId: actor.accountId,
      role: "seller",
      envelopeSha256: null,
      listingId: { not: null },
    },
    orderBy: { createdAt: "asc" },
    select: { id: true, listingId: true },
  });
  return Object.fromEntries(rows.map(({ id, listingId }) => [listingId ?? "", id]));
}

/** SQL: no evaluation was added to this draft. */
export function hasNoEvaluation(draftId: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`NOT EXISTS (SELECT 1 FROM "Evaluation" WHERE "draftId" = ${draftId})`;
}

/** SQL: no evaluation was counted from this stored file. */
export function holdsNoRows(storedFileId: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`NOT EXISTS (SELECT 1 FROM "Evaluation" WHERE "rowsFileId" = ${storedFileId})`;
}
