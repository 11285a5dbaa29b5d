import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { currentTime } from "@/lib/platform/clock";
import { db } from "@/lib/platform/db";
import { replyStatement } from "@/lib/statements/reply-statement";
import type { EvaluationView } from "../evaluation-view";
import { canonicalJson } from "@/lib/shared/jcs";
import { withdrawalStatement } from "@/lib/statements/withdrawal-statement";
import { findListingEvaluation } from "./listing-evaluations";

export type EvaluationPage = {
  listing: { slug: string; title: string };
  evaluation: EvaluationView;
  /** What an answer's statement says but its words; null unless the reader sells this listing and may still answer. */
  answer: WordsToSign | null;
  /** The same for a withdrawal; null unless the reader signed this and still stands by it. */
  withdrawal: WordsToSign | null;
};

type WordsToSign = { accountId: string; statementJson: string };

/** A signed evaluation by itself with what its reader may do; null when there is none to be seen. */
export async function findEvaluationPage(
  actor: Actor | null,
  evaluationId: string,
): Promise<EvaluationPage | null> {
  const found = await findListingEvaluation(evaluationId);
  if (!found) return null;
  const { evaluation, evaluatorId } = found;
  const { id, slug, title, sellerId } = found.listing;
  const mayAnswer =
    actor?.accountId === sellerId && evaluation.answer === null && evaluation.signer.role !== "seller";
  return {
    listing: { slug, title },
    evaluation,
    answer: mayAnswer ? await answerOf(actor.accountId, id, evaluation.envelope.sha256) : null,
    withdrawal:
      actor && actor.accountId === evaluatorId && evaluation.withdrawal === null
        ? await withdrawalOf(actor.accountId, evaluation.envelope.sha256)
        : null,
  };
}

async function withdrawalOf(accountId: string, withdraws: string): Promise<WordsToSign> {
  const { subjects, now } = await aboutEnvelope(withdraws);
  const facts = { accountId, withdraws, subjects, reason: "", at: now.toISOString() };
  return { accountId, statementJson: canonicalJson(withdrawalStatement(facts)) };
}

async function aboutEnvelope(sha256: string) {
  const [{ subjects }, now] = await Promise.all([
    db.envelope.findUniqueOrThrow({ where: { sha256 }, select: { subjects: true } }),
    currentTime(),
  ]);
  return { subjects, now };
}

async function answerOf(accountId: string, listingId: string, answers: string): Promise<WordsToSign> {
  const { subjects, now } = await aboutEnvelope(answers);
  const facts = { sellerId: accountId, listingId, answers, subjects, body: "", at: now.toISOString() };
  return { accountId, statementJson: canonicalJson(replyStatement(facts)) };
}
