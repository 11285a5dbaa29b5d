import "server-only";
import { addTimelineEvent } from "@/lib/catalogue/commands/add-timeline-event";
import { measureLimitations, withdrawFigures } from "@/lib/catalogue/commands/set-standing";
import { getListing, getVersion } from "@/lib/catalogue/queries/listings";
import { currentTime } from "@/lib/platform/clock";
import type { Tx } from "@/lib/platform/db";
import { refuseUnless } from "@/lib/shared/domain-error";
import { type RevocationPredicate, revocationKind } from "@/lib/statements/kinds/revocation";
import { draftLimitations } from "@/lib/measurement/limitation-draft";
import { type EvaluationRecord, listSignedEvaluations, lockEvaluation } from "../records/evaluations";
import type { RecordedEnvelope } from "./record-envelope";
import { refreshStanding } from "./refresh-standing";
import { NO_SESSION } from "./sign-evaluation";
import { restateClaims } from "./restate-claims";

/**
 * Lets a recorded revocation have its effect, in the caller's transaction, whichever way it came in: an evaluation it
 * takes back stays to be seen and no longer counts for its listing. Nothing happens for any other statement, and for
 * a revocation of anything else.
 *
 * Whether its signer may take that back was asked when it was recorded. Limitations of the seller's whose figures go
 * are stated anew, as agreed in `session`. Throws `withdrawn_already`.
 */
export async function applyWithdrawal(
  tx: Tx,
  { sha256, statement }: RecordedEnvelope,
  session = NO_SESSION,
): Promise<void> {
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
  if (row.listingId !== null) await takeOffListing(tx, row, row.listingId, withdrawnAt, session);
}

async function takeOffListing(
  tx: Tx,
  row: EvaluationRecord,
  listingId: string,
  at: Date,
  session: string,
): Promise<void> {
  const isSellers = row.role === "seller";
  await addTimelineEvent(tx, listingId, {
    kind: "withdrawn",
    fromDate: at,
    text: `The evaluation on ${row.dataSetName} was withdrawn by its signer`,
    originator: isSellers ? "seller" : "evaluator",
    subjectId: row.id,
  });
  if (isSellers) await measureAnew(tx, listingId);
  await refreshStanding(tx, listingId);
  // The figures beside the limitations are part of what the seller states of them.
  if (isSellers) await restateClaims(tx, listingId, { method: "session", session });
}

/** The figures beside the limitations come from the seller's evaluations that still stand. */
async function measureAnew(tx: Tx, listingId: string): Promise<void> {
  const version = await getVersion((await getListing(listingId, tx)).versionId, tx);
  await withdrawFigures(tx, listingId);
  const standing = await listSignedEvaluations(tx, listingId, version);
  for (const { role, summary } of standing.reverse())
    if (role === "seller") await measureLimitations(tx, listingId, draftLimitations(summary));
}
