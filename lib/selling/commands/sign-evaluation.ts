import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { signEvaluationAbout } from "@/lib/evidence/commands/sign-evaluation";
import { findBroughtEvaluation } from "@/lib/evidence/queries/draft-evaluations";
import { db } from "@/lib/platform/db";
import { requireKnownClasses } from "./bind-rows";
import { evaluationSubject } from "./evaluation-subject";
import { findModelOfDraft } from "./find-model";

/**
 * Signs an evaluation of a draft or of a listing: see `signEvaluationAbout`, whose refusals these are, and
 * `unknown_classes`.
 */
export async function signEvaluation(
  actor: Actor,
  input: { evaluationId: string; envelope?: string },
): Promise<{ message: string }> {
  const own = await findBroughtEvaluation(db, input.evaluationId, actor.accountId);
  // A draft's files may have come after its rows.
  if (own?.draftId && own.listingId === null)
    requireKnownClasses(own.summary, await findModelOfDraft(actor, own.draftId));
  return signEvaluationAbout(evaluationSubject, actor, input);
}
