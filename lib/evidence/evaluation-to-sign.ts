import type { EvaluationRecord } from "./records/evaluations";
import { evaluationStatement } from "@/lib/statements/evaluation-statement";
import type { EvaluationSummary } from "@/lib/measurement/evaluation";
import type { EvaluationPredicate } from "@/lib/statements/kinds/evaluation";
import type { AgreedBy } from "@/lib/statements/kinds/field";
import type { Statement } from "@/lib/statements/statement";
import { hexDigest } from "@/lib/statements/verify-envelope";

/** A version as far as a statement can name it. */
export type StatedVersion = {
  kind: "files" | "endpoint" | "card_only";
  modelDigest: string | null;
  endpointUrl: string | null;
  card: string;
};

/**
 * The digest a statement about a version names: its files' manifest; for an endpoint its address and for a card the
 * card's text, because there is nothing else that could be told apart later.
 */
export function subjectOfVersion({ kind, modelDigest, endpointUrl, card }: StatedVersion): {
  name: string;
  sha256: string;
} {
  switch (kind) {
    case "files":
      return { name: "model files", sha256: modelDigest ?? "" };
    case "endpoint":
      return { name: "endpoint address", sha256: hexDigest(endpointUrl ?? "") };
    case "card_only":
      return { name: "model card", sha256: hexDigest(card) };
  }
}

/** An evaluation whose rows somebody brought from elsewhere, as it is kept. */
export type BroughtEvaluation = {
  grade: "seller_signed" | "third_party";
  evaluatorId: string;
  dataSetName: string;
  rowsDigest: string;
  rowsUse: "attestation" | "discovery";
  observedFrom: Date | null;
  observedTo: Date | null;
  summary: EvaluationSummary;
  finishedAt: Date;
};

/**
 * The one statement its maker signs: everything in it follows from what is kept, so that the page, the browser and the
 * command derive the same bytes. `agreedBy` is given where the platform signs that the maker agreed in a session.
 */
export function broughtStatement(
  row: BroughtEvaluation,
  subject: { name: string; sha256: string },
  agreedBy?: AgreedBy,
): Statement<EvaluationPredicate> {
  return evaluationStatement({
    modelDigest: subject.sha256,
    modelName: subject.name,
    evaluator: {
      role: row.grade === "seller_signed" ? "seller" : "third_party",
      account: row.evaluatorId,
    },
    ...(agreedBy ? { agreedBy } : {}),
    grade: row.grade,
    dataSet: {
      name: row.dataSetName,
      rowsSha256: row.rowsDigest,
      use: row.rowsUse,
      observedFrom: row.observedFrom,
      observedTo: row.observedTo,
    },
    summary: row.summary,
    runtime: null,
    startedAt: null,
    finishedAt: row.finishedAt,
  });
}

export type EvaluationSubject =
  | { state: "ready"; name: string; sha256: string; modelDigest: string | null }
  | { state: "not_yet"; reason: string };

/** The kept evaluation in the words of its statement. Only for evaluations that somebody brought. */
export function broughtOf(row: EvaluationRecord): BroughtEvaluation {
  const { grade, evaluatorId } = row;
  if (evaluatorId === null || (grade !== "seller_signed" && grade !== "third_party")) {
    throw new Error(`The evaluation ${row.id} was made here and is signed by the platform.`);
  }
  return {
    grade,
    evaluatorId,
    dataSetName: row.dataSetName,
    rowsDigest: row.rowsDigest,
    rowsUse: row.rowsUse as BroughtEvaluation["rowsUse"],
    observedFrom: row.observedFrom,
    observedTo: row.observedTo,
    summary: row.summary,
    finishedAt: row.finishedAt,
  };
}
