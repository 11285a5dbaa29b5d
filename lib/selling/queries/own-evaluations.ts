import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { db, inTransaction } from "@/lib/platform/db";
import { evaluationSubject } from "../commands/evaluation-subject";
import { broughtOf } from "@/lib/evidence/evaluation-to-sign";
import { encodeBase64 } from "@/lib/shared/encoding";
import type { EvaluationSummary } from "@/lib/measurement/evaluation";
import { broughtStatement } from "@/lib/evidence/evaluation-to-sign";
import { recordOf } from "@/lib/evidence/records/evaluations";
import { statementBytes } from "@/lib/statements/statement";
import { sentencesOf } from "@/lib/statements/kinds";
import type { Sentence } from "@/lib/statements/sentence";

/** What its maker signs next, or why not yet. */
export type SigningStep =
  | { state: "signed" }
  | { state: "not_yet"; reason: string }
  /** `statementBase64` are the exact bytes to sign; the sentences are written from them. */
  | {
      state: "to_sign";
      statementBase64: string;
      accountId: string;
      headline: Sentence;
      facts: Sentence[];
      doesNotShow: readonly string[];
      /** Signed before, for files that have changed since. */
      isAgain: boolean;
    };

export type OwnEvaluationView = {
  id: string;
  dataSetName: string;
  createdAt: Date;
  summary: EvaluationSummary;
  toSign: SigningStep;
};

/** The evaluations added to a draft of the actor's own, newest first; empty for everybody else. */
export async function listDraftEvaluations(actor: Actor, draftId: string): Promise<OwnEvaluationView[]> {
  const rows = await db.evaluation.findMany({
    where: { draftId, evaluatorId: actor.accountId },
    orderBy: [{ createdAt: "desc" }, { id: "asc" }],
    select: { id: true },
  });
  const views = await Promise.all(rows.map(({ id }) => findOwnEvaluation(actor, id)));
  return views.filter((view) => view !== null);
}

/** An evaluation that the actor brought, signed or not; null for everybody else. */
export async function findOwnEvaluation(
  actor: Actor,
  evaluationId: string,
): Promise<OwnEvaluationView | null> {
  return inTransaction(async (tx) => {
    const found = await tx.evaluation.findFirst({
      where: { id: evaluationId, evaluatorId: actor.accountId },
    });
    if (!found) return null;
    const row = recordOf(found);
    const view = { id: row.id, dataSetName: row.dataSetName, createdAt: row.createdAt, summary: row.summary };
    if (row.listingId !== null && row.envelopeSha256 !== null)
      return { ...view, toSign: { state: "signed" } };
    const subject = await evaluationSubject(tx, row);
    if (subject.state === "not_yet") return { ...view, toSign: subject };
    if (row.envelopeSha256 !== null && row.modelDigest === subject.modelDigest) {
      return { ...view, toSign: { state: "signed" } };
    }
    const statement = broughtStatement(broughtOf(row), subject);
    return {
      ...view,
      toSign: {
        state: "to_sign",
        statementBase64: encodeBase64(statementBytes(statement)),
        accountId: actor.accountId,
        ...sentencesOf(statement, actor.displayName),
        isAgain: row.envelopeSha256 !== null,
      },
    };
  });
}
