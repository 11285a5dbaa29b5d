import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { recordAttempt } from "@/lib/evidence/commands/record-attempt";
import { isEnded, mayBeCancelled } from "@/lib/inference/evaluation-run";
import { goOn, learn, lockRun, noteOf } from "@/lib/inference/records/evaluation-runs";
import { currentTime } from "@/lib/platform/clock";
import { type Tx, inTransaction } from "@/lib/platform/db";
import { cleanText } from "@/lib/shared/clean-text";
import { notFoundError, refuseUnless } from "@/lib/shared/domain-error";
import type { EvaluationRun } from "@/prisma/generated/client";

const MAX_REASON_CHARACTERS = 300;
const STATED_FAILURE = "It could not be carried out. Whoever asked for it was told why.";

/** Ends a locked run without figures; where it stands in the log that it was begun, so does that. */
export async function endLocked(
  tx: Tx,
  run: EvaluationRun,
  how: "cancelled" | "failed",
  why: string,
): Promise<void> {
  const reason = cleanText(why).slice(0, MAX_REASON_CHARACTERS);
  const { attemptSha256, modelDigest } = run;
  if (attemptSha256 !== null) {
    const at = (await currentTime(tx)).toISOString();
    // What a model or a library says may hold rows, and the log is for everybody.
    const stated = how === "cancelled" ? reason : STATED_FAILURE;
    await recordAttempt(
      tx,
      { attempt: { event: how, begun: attemptSha256, reason: stated }, at },
      modelDigest,
    );
  }
  await goOn(tx, run, how, reason, how === "failed" ? { failure: reason } : {});
}

/** The same of a run by its id; one that has ended meanwhile stays as it is. */
export async function endRun(runId: string, how: "cancelled" | "failed", why: string): Promise<void> {
  await inTransaction(async (tx) => {
    const run = await lockRun(tx, runId);
    if (!isEnded(run.phase)) await endLocked(tx, run, how, why);
  });
}

/**
 * Whoever asked for a run wants no more of it: one that waits ends now, one that goes on within its next piece of rows.
 * What was begun stays counted. Throws `not_found` for everybody else, and `run_too_far` once only the count is left.
 */
export async function cancelRun(actor: Actor, { runId }: { runId: string }): Promise<{ message: string }> {
  return inTransaction(async (tx) => {
    const run = await lockRun(tx, runId);
    if (run.askedById !== actor.accountId) throw notFoundError("run");
    if (run.phase === "cancelled") return { message: "The run is cancelled." };
    refuseUnless(
      mayBeCancelled(run.phase),
      "run_too_far",
      "Every row is answered, so the run cannot be cancelled any more. Whether you publish it is up to you.",
    );
    if (run.phase === "queued") {
      await endLocked(tx, run, "cancelled", "Cancelled before it was begun.");
      return { message: "The run is cancelled." };
    }
    const at = await currentTime(tx);
    await learn(tx, runId, { cancelRequestedAt: run.cancelRequestedAt ?? at });
    await noteOf(tx, runId, "Asked to stop.", at);
    return { message: "The run stops within its next rows." };
  });
}
