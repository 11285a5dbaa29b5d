import "server-only";
import type { Tx, db } from "@/lib/platform/db";
import { notFoundError } from "@/lib/shared/domain-error";
import type { Evaluation, Prisma } from "@/prisma/generated/client";
import type { EvaluationStatementInput } from "@/lib/statements/evaluation-statement";
import { readSummary } from "@/lib/measurement/evaluation-summary";
import type { EvaluationSummary } from "@/lib/measurement/evaluation";
import type { SignedEvaluation } from "../evidence-standing";

export type EvaluationRecord = Omit<Evaluation, "summary"> & { summary: EvaluationSummary };

/** Where and how a run was made here, as kept with it; all null for a run made elsewhere. */
export type RuntimeRecord = { name: string; version: string; isolation: string; msPer1000: number };

export type NewEvaluation = Omit<
  Prisma.EvaluationUncheckedCreateInput,
  "id" | "n" | "summary" | "declaredLevel" | "runtime"
> & { summary: EvaluationSummary; runtime: RuntimeRecord | null };

/** Writes one evaluation; its row count and level follow from the summary. */
export async function insertEvaluation(
  tx: Tx,
  { summary, runtime, ...rest }: NewEvaluation,
): Promise<string> {
  const { id } = await tx.evaluation.create({
    data: {
      ...rest,
      n: summary.overall.n,
      declaredLevel: summary.level,
      summary: summary as unknown as Prisma.InputJsonObject,
      runtime: runtime ?? {},
    },
    select: { id: true },
  });
  return id;
}

/** Locks an evaluation until the transaction ends. Throws `not_found` when there is none. */
export async function lockEvaluation(tx: Tx, evaluationId: string): Promise<EvaluationRecord> {
  await tx.$queryRaw`SELECT 1 FROM "Evaluation" WHERE id = ${evaluationId} FOR UPDATE`;
  const row = await tx.evaluation.findUnique({ where: { id: evaluationId } });
  if (!row) throw notFoundError("evaluation");
  return recordOf(row);
}

export function recordOf(row: Evaluation): EvaluationRecord {
  return { ...row, summary: readSummary(row.summary) };
}

/** The runtime of a row; null for a run made elsewhere. */
export function runtimeOf(row: Pick<Evaluation, "runtime">): RuntimeRecord | null {
  const runtime = row.runtime as Partial<RuntimeRecord>;
  return runtime.name === undefined ? null : (runtime as RuntimeRecord);
}

/** The same as a statement says it. */
export function statedRuntime(runtime: RuntimeRecord | null): EvaluationStatementInput["runtime"] {
  if (!runtime) return null;
  const { name, version, isolation, msPer1000 } = runtime;
  return { name, version, isolation, millisecondsPerThousand: msPer1000 };
}

export function signedEvaluationOf(row: EvaluationRecord): SignedEvaluation {
  return {
    id: row.id,
    evaluatorId: row.evaluatorId,
    isSellers: row.grade === "seller_signed",
    summary: row.summary,
    grade: row.grade,
    dataSetName: row.dataSetName,
    finishedAt: row.finishedAt,
    msPer1000: runtimeOf(row)?.msPer1000 ?? null,
  };
}

/**
 * The signed evaluations that bear on a version and that their signers stand by: those of its own digest, whichever version they were made on, and
 * for an endpoint or a card those of the version itself.
 */
export async function listSignedEvaluations(
  tx: Tx | typeof db,
  listingId: string,
  version: { id: string; modelDigest: string | null },
): Promise<EvaluationRecord[]> {
  const rows = await tx.evaluation.findMany({
    where: {
      listingId,
      envelopeSha256: { not: null },
      withdrawal: null,
      ...(version.modelDigest === null ? { versionId: version.id } : { modelDigest: version.modelDigest }),
    },
    orderBy: [{ finishedAt: "desc" }, { id: "asc" }],
  });
  return rows.map(recordOf);
}
