import "server-only";
import type { Tx, db } from "@/lib/platform/db";
import { notFoundError } from "@/lib/shared/domain-error";
import type { Evaluation, Prisma } from "@/prisma/generated/client";
import { gradeOfRun } from "@/lib/statements/evaluation-grade";
import { type Binding, bindingSchema, boundAbout } from "@/lib/statements/kinds/binding";
import type { EvaluationPredicate } from "@/lib/statements/kinds/evaluation";
import type { EvaluationStatementInput } from "@/lib/statements/evaluation-statement";
import { readSummary } from "@/lib/measurement/evaluation-summary";
import type { EvaluationSummary } from "@/lib/measurement/evaluation";

type Evaluator = EvaluationPredicate["evaluator"];

export type EvaluationRecord = Omit<Evaluation, "summary" | "role" | "relation" | "binding"> & {
  summary: EvaluationSummary;
  role: Evaluator["role"];
  relation: Evaluator["relation"];
  binding: Binding;
};

/** Where and how a run was made here, as kept with it; all null for a run made elsewhere. */
export type RuntimeRecord = { name: string; version: string; isolation: string; msPer1000: number };

export type NewEvaluation = Omit<
  Prisma.EvaluationUncheckedCreateInput,
  "id" | "n" | "summary" | "declaredLevel" | "runtime" | "grade" | "role" | "relation" | "binding" | "inputs"
> &
  Pick<EvaluationRecord, "summary" | "role" | "relation" | "binding"> & {
    runtime: RuntimeRecord | null;
    /** A mark of each input that was run; null where none was. */
    marks: Buffer<ArrayBuffer> | null;
  };

/** Writes one evaluation; its grade, row count and level follow from the rest. */
export async function insertEvaluation(
  tx: Tx,
  { summary, runtime, marks, ...rest }: NewEvaluation,
): Promise<string> {
  const { id } = await tx.evaluation.create({
    data: {
      ...rest,
      grade: gradeOfRun({ ...rest, about: boundAbout(rest.binding) }),
      ...(marks && { inputs: { create: { marks } } }),
      n: summary.overall.n,
      declaredLevel: summary.level,
      summary: summary as unknown as Prisma.InputJsonObject,
      runtime: runtime ?? {},
    },
    select: { id: true },
  });
  return id;
}

/** The marks of the inputs that were run; null where none was. */
export async function findMarks(
  tx: Pick<Tx, "evaluationInputs">,
  evaluationId: string,
): Promise<Buffer<ArrayBuffer> | null> {
  const row = await tx.evaluationInputs.findUnique({ where: { evaluationId } });
  return row && Buffer.from(row.marks);
}

/** Locks an evaluation until the transaction ends. Throws `not_found` when there is none. */
export async function lockEvaluation(tx: Tx, evaluationId: string): Promise<EvaluationRecord> {
  await tx.$queryRaw`SELECT 1 FROM "Evaluation" WHERE id = ${evaluationId} FOR UPDATE`;
  const row = await tx.evaluation.findUnique({ where: { id: evaluationId } });
  if (!row) throw notFoundError("evaluation");
  return recordOf(row);
}

export function recordOf(row: Evaluation): EvaluationRecord {
  return {
    ...row,
    role: row.role as Evaluator["role"],
    relation: row.relation as Evaluator["relation"],
    binding: bindingSchema.parse(row.binding),
    summary: readSummary(row.summary),
  };
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

/**
 * The signed evaluations that bear on a version, that their signers stand by and that no law erased: those of its own
 * digest, whichever version they were made on, and for an endpoint or a card those of the version itself.
 */
export async function listSignedEvaluations(
  tx: Tx | typeof db,
  listingId: string,
  version: { id: string; modelDigest: string | null; runContractSha256: string | null },
): Promise<EvaluationRecord[]> {
  const rows = await tx.evaluation.findMany({
    where: {
      listingId,
      envelope: { erasure: null },
      withdrawal: null,
      ...(version.modelDigest === null ? { versionId: version.id } : { modelDigest: version.modelDigest }),
    },
    orderBy: [{ finishedAt: "desc" }, { id: "asc" }],
  });
  return rows.map(recordOf).filter(({ binding }) => isByContract(binding, version.runContractSha256));
}

/** Whether a run was by how the version is run: another prompt or threshold is another model, though the files are the same. */
function isByContract(binding: Binding, contract: string | null): boolean {
  return !("contract" in binding) || binding.contract === undefined || binding.contract === contract;
}
