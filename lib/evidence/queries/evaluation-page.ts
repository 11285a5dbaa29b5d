import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { db } from "@/lib/platform/db";
import type { EvaluationView } from "../evaluation-view";
import { findListingEvaluation } from "./listing-evaluations";

export type EvaluationPage = {
  listing: { slug: string; title: string };
  evaluation: EvaluationView;
  /** The reader sells this listing and has not answered yet. */
  mayAnswer: boolean;
};

/** A signed evaluation by itself with what its reader may do; null when there is none to be seen. */
export async function findEvaluationPage(
  actor: Actor | null,
  evaluationId: string,
): Promise<EvaluationPage | null> {
  const found = await findListingEvaluation(evaluationId);
  if (!found) return null;
  const { slug, title, sellerId } = await db.listing.findUniqueOrThrow({
    where: { id: found.listingId },
    select: { slug: true, title: true, sellerId: true },
  });
  const { evaluation } = found;
  const isSellers = actor?.accountId === sellerId;
  const mayAnswer = isSellers && evaluation.answer === null && evaluation.signer.role !== "seller";
  return { listing: { slug, title }, evaluation, mayAnswer };
}
