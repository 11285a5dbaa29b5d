import "server-only";
import type { Tx, db } from "@/lib/platform/db";
import { redrawVerdicts } from "@/lib/measurement/evaluation";
import { type SharesRows, mayConfirm } from "@/lib/measurement/reproduction";
import { hasRepeats, sharesMarks } from "@/lib/inference/input-marks";
import { gradeOfRun } from "@/lib/statements/evaluation-grade";
import { boundAbout } from "@/lib/statements/kinds/binding";
import type { SignedEvaluation } from "../evidence-standing";
import { relationOf } from "../independence";
import { type EvaluationRecord, runtimeOf } from "../records/evaluations";
import { findModelTies } from "./model-ties";

type JudgedListing = { sellerId: string; isDemo: boolean; declaredLevel: unknown };

/**
 * Signed evaluations of one version as they compare with each other now: at the listing's level, each by who its party is
 * today, with whether two of them share rows, or one has a row twice. Inputs are read only of runs that could confirm each
 * other.
 */
export async function findComparedRuns(
  tx: Tx | typeof db,
  listing: JudgedListing,
  records: readonly EvaluationRecord[],
): Promise<{ runs: SignedEvaluation[]; sharesRows: SharesRows }> {
  const ties = await findModelTies(
    tx,
    listing,
    records.flatMap(({ evaluatorId }) => evaluatorId ?? []),
  );
  const level = listing.declaredLevel === null ? null : Number(listing.declaredLevel);
  const runs = records.map((row): SignedEvaluation => {
    const { id, role, binding, evaluatorId, rowsDigest, rowsUse, dataSetName, finishedAt, summary } = row;
    const relation = row.relation === "third_party" ? relationOf(role, evaluatorId, ties) : row.relation;
    return {
      ...{ id, role, evaluatorId, rowsDigest, dataSetName, finishedAt },
      isBound: binding.kind !== "answers_only",
      isIndependent: relation === "third_party",
      isAttestation: rowsUse === "attestation",
      grade: gradeOfRun({ role, relation, binding, about: boundAbout(binding) }),
      summary: level === null || level === summary.level ? summary : redrawVerdicts(summary, level),
      msPer1000: runtimeOf(row)?.msPer1000 ?? null,
    };
  });
  return { runs, sharesRows: await findSharedRows(tx, runs) };
}

async function findSharedRows(tx: Tx | typeof db, runs: readonly SignedEvaluation[]): Promise<SharesRows> {
  const asked = runs.filter((run) => runs.some((other) => mayConfirm(run, other)));
  const rows =
    asked.length === 0
      ? []
      : await tx.evaluationInputs.findMany({ where: { evaluationId: { in: asked.map(({ id }) => id) } } });
  const marks = new Map(rows.map((row) => [row.evaluationId, row.marks]));
  return (one, other) => {
    const [here, there] = [marks.get(one), marks.get(other)];
    return !here || !there || sharesMarks(here, there) || hasRepeats(here) || hasRepeats(there);
  };
}
