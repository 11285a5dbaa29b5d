import "server-only";
import type { Tx } from "@/lib/platform/db";
import type { EvaluationRecord } from "../records/evaluations";

/** Takes away an evaluation that nobody signed; the caller holds its lock. The database refuses a signed one. */
export async function deleteEvaluation(tx: Pick<Tx, "evaluation">, evaluationId: string): Promise<void> {
  await tx.evaluation.delete({ where: { id: evaluationId } });
}

/**
 * Gives evaluations of a draft the version that it was published as. What is signed names its files already; the
 * others are about those of the version from now on.
 */
export async function attachEvaluations(
  tx: Pick<Tx, "evaluation">,
  evaluations: readonly Pick<EvaluationRecord, "id" | "envelopeSha256">[],
  published: { listingId: string; versionId: string; modelDigest: string | null },
): Promise<void> {
  const { modelDigest, ...place } = published;
  const idsOf = (isSigned: boolean) =>
    evaluations.filter((row) => (row.envelopeSha256 !== null) === isSigned).map(({ id }) => id);
  await tx.evaluation.updateMany({ where: { id: { in: idsOf(true) } }, data: place });
  await tx.evaluation.updateMany({ where: { id: { in: idsOf(false) } }, data: { ...place, modelDigest } });
}
