import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { type EvaluationSubject, broughtOf, broughtStatement } from "@/lib/evidence/evaluation-to-sign";
import { findBroughtEvaluation, listEvaluationsBroughtTo } from "@/lib/evidence/queries/draft-evaluations";
import type { EvaluationRecord } from "@/lib/evidence/records/evaluations";
import type { EvaluationSummary } from "@/lib/measurement/evaluation";
import { type Tx, inSnapshot } from "@/lib/platform/db";
import { encodeBase64 } from "@/lib/shared/encoding";
import { sentencesOf } from "@/lib/statements/kinds";
import type { Sentence } from "@/lib/statements/sentence";
import { statementBytes } from "@/lib/statements/statement";
import { refusalOfClasses } from "../commands/bind-rows";
import { findModelOfDraft } from "../commands/find-model";
import type { RunnableModel } from "../commands/runnable-model";
import { evaluationSubjects } from "../commands/evaluation-subject";

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
  const model = await findModelOfDraft(actor, draftId);
  return inSnapshot(async (tx) =>
    viewsOf(tx, actor, await listEvaluationsBroughtTo(tx, draftId, actor.accountId), model),
  );
}

/** An evaluation that the actor brought, signed or not; null for everybody else. */
export async function findOwnEvaluation(
  actor: Actor,
  evaluationId: string,
): Promise<OwnEvaluationView | null> {
  return inSnapshot(async (tx) => {
    const row = await findBroughtEvaluation(tx, evaluationId, actor.accountId);
    const [view = null] = await viewsOf(tx, actor, row ? [row] : []);
    return view;
  });
}

/** `model` is the file of the draft that can be run here. With as many statements for many evaluations of a draft as for one. */
async function viewsOf(
  tx: Tx,
  actor: Actor,
  rows: readonly EvaluationRecord[],
  model: RunnableModel = { reason: "" },
): Promise<OwnEvaluationView[]> {
  const subjectOf = await evaluationSubjects(
    tx,
    rows.filter((row) => !isPublished(row)),
  );
  return rows.map((row) => {
    const { id, dataSetName, createdAt, summary } = row;
    const refusal = row.listingId === null ? refusalOfClasses(summary, model) : null;
    const toSign = isPublished(row)
      ? ({ state: "signed" } as const)
      : refusal !== null
        ? ({ state: "not_yet", reason: refusal } as const)
        : toSignOf(actor, row, subjectOf(row));
    return { id, dataSetName, createdAt, summary, toSign };
  });
}

/** Signed and on its listing: nothing changes any more. */
function isPublished({ listingId, envelopeSha256 }: EvaluationRecord): boolean {
  return listingId !== null && envelopeSha256 !== null;
}

function toSignOf(actor: Actor, row: EvaluationRecord, subject: EvaluationSubject): SigningStep {
  if (subject.state === "not_yet") return subject;
  const isAgain = row.envelopeSha256 !== null;
  if (isAgain && row.modelDigest === subject.modelDigest) return { state: "signed" };
  const statement = broughtStatement(broughtOf(row), subject);
  return {
    state: "to_sign",
    statementBase64: encodeBase64(statementBytes(statement)),
    accountId: actor.accountId,
    ...sentencesOf(statement, actor.displayName),
    isAgain,
  };
}
