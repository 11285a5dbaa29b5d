import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { addTimelineEvent } from "@/lib/catalogue/commands/add-timeline-event";
import { lockOwnListing } from "@/lib/catalogue/records";
import { currentTime } from "@/lib/platform/clock";
import { inTransaction } from "@/lib/platform/db";
import { notFoundError, refuseUnless } from "@/lib/shared/domain-error";
import { lockEvaluation } from "../records";

/**
 * The seller answers evidence about their listing, once and for ever; the evidence stays as it is. Throws `not_found`
 * for everybody else and for what nobody has signed, `answered_already` the second time.
 */
export async function answerEvaluation(
  actor: Actor,
  { evaluationId, body }: { evaluationId: string; body: string },
): Promise<{ message: string }> {
  await inTransaction(async (tx) => {
    const row = await lockEvaluation(tx, evaluationId);
    if (row.listingId === null || row.envelopeSha256 === null) throw notFoundError("evaluation");
    await lockOwnListing(tx, actor, row.listingId);
    refuseUnless(row.grade !== "seller_signed", "own_evidence", "This is your own evidence.");
    const now = await currentTime(tx);
    const made = await tx.evaluationAnswer.createMany({
      data: [{ evaluationId, authorId: actor.accountId, body, createdAt: now }],
      skipDuplicates: true,
    });
    refuseUnless(made.count === 1, "answered_already", "You have answered this already; an answer stands.");
    await addTimelineEvent(tx, row.listingId, {
      kind: "answered",
      fromDate: now,
      text: `Seller answered the evaluation on ${row.dataSetName}`,
      originator: "seller",
      subjectId: evaluationId,
    });
  });
  return { message: "Your answer stands beside the evidence." };
}
