import "server-only";
import { addTimelineEvent } from "@/lib/catalogue/commands/add-timeline-event";
import { currentTime } from "@/lib/platform/clock";
import type { Tx } from "@/lib/platform/db";
import { refuseUnless } from "@/lib/shared/domain-error";
import { type RevocationPredicate, revocationKind } from "@/lib/statements/kinds/revocation";
import { type EvaluationRecord, lockEvaluation } from "../records/evaluations";
import type { RecordedEnvelope } from "./record-envelope";
import { refreshStanding } from "./refresh-standing";

/**
 * Lets a recorded revocation have its effect, in the caller's transaction, whichever way it came in: an evaluation it
 * takes back stays to be seen and no longer counts for its listing. Nothing happens for any other statement, and for
 * a revocation of anything else.
 *
 * Whether its signer may take that back was asked when it was recorded. Throws `withdrawn_already`.
 */
export async function applyWithdrawal(tx: Tx, { sha256, statement }: RecordedEnvelope): Promise<void> {
  if (statement.predicateType !== revocationKind.predicateType) return;
  const { withdraws, reason } = statement.predicate as RevocationPredicate;
  const found = await tx.evaluation.findFirst({ where: { envelopeSha256: withdraws }, select: { id: true } });
  if (!found) return;
  const row = await lockEvaluation(tx, found.id);
  const withdrawnAt = await currentTime(tx);
  const { count } = await tx.evaluationWithdrawal.createMany({
    data: [{ evaluationId: row.id, envelopeSha256: sha256, reason, withdrawnAt }],
    skipDuplicates: true,
  });
  refuseUnless(count === 1, "withdrawn_already", "This was withdrawn already; a withdrawal stands.");
  if (row.listingId !== null) await takeOffListing(tx, row, row.listingId, withdrawnAt);
}

async function takeOffListing(tx: Tx, row: EvaluationRecord, listingId: string, at: Date): Promise<void> {
  const isSellers = row.grade === "seller_signed";
  await addTimelineEvent(tx, listingId, {
    kind: "withdrawn",
    fromDate: at,
    text: `The evaluation on ${row.dataSetName} was withdrawn by its signer`,
    originator: isSellers ? "seller" : "evaluator",
    subjectId: row.id,
  });
  await refreshStanding(tx, listingId);
}
