import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { signEvaluationAbout } from "@/lib/evidence/commands/sign-evaluation";
import { evaluationSubject } from "./evaluation-subject";

/** Signs an evaluation of a draft or of a listing: see `signEvaluationAbout`, whose refusals these are. */
export async function signEvaluation(
  actor: Actor,
  input: { evaluationId: string; envelope?: string },
): Promise<{ message: string }> {
  return signEvaluationAbout(evaluationSubject, actor, input);
}
