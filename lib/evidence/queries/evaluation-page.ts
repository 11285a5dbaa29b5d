import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { currentTime } from "@/lib/platform/clock";
import { db } from "@/lib/platform/db";
import { answerStatement } from "../answer-statement";
import type { EvaluationView } from "../evaluation-view";
import { canonicalJson } from "../jcs";
import { findListingEvaluation } from "./listing-evaluations";

export type EvaluationPage = {
  listing: { slug: string; title: string };
  evaluation: EvaluationView;
  /** What an answer's statement says but its words; null unless the reader sells this listing and may still answer. */
  answer: { accountId: string; statementJson: string } | null;
};

/** A signed evaluation by itself with what its reader may do; null when there is none to be seen. */
export async function findEvaluationPage(
  actor: Actor | null,
  evaluationId: string,
): Promise<EvaluationPage | null> {
  const found = await findListingEvaluation(evaluationId);
  if (!found) return null;
  const { id, slug, title, sellerId } = await db.listing.findUniqueOrThrow({
    where: { id: found.listingId },
    select: { id: true, slug: true, title: true, sellerId: true },
  });
  const { evaluation } = found;
  const mayAnswer =
    actor?.accountId === sellerId && evaluation.answer === null && evaluation.signer.role !== "seller";
  return {
    listing: { slug, title },
    evaluation,
    answer: mayAnswer ? await answerOf(actor.accountId, id, evaluation.envelope.sha256) : null,
  };
}

async function answerOf(accountId: string, listingId: string, answers: string) {
  const [{ subjects }, now] = await Promise.all([
    db.envelope.findUniqueOrThrow({ where: { sha256: answers }, select: { subjects: true } }),
    currentTime(),
  ]);
  const facts = { sellerId: accountId, listingId, answers, subjects, body: "", at: now.toISOString() };
  return { accountId, statementJson: canonicalJson(answerStatement(facts)) };
}
