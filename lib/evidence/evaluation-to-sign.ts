import type { EvaluationRecord } from "./records/evaluations";
import { evaluationStatement } from "@/lib/statements/evaluation-statement";
import type { EvaluationSummary } from "@/lib/measurement/evaluation";
import type { About, Binding } from "@/lib/statements/kinds/binding";
import type { EvaluationPredicate } from "@/lib/statements/kinds/evaluation";
import type { AgreedBy } from "@/lib/statements/kinds/field";
import type { Statement } from "@/lib/statements/statement";
import { hexDigest } from "@/lib/statements/verify-envelope";

/** A version as far as a statement can name it. */
export type StatedVersion = {
  kind: "files" | "endpoint" | "card_only";
  modelDigest: string | null;
  endpointUrl: string | null;
};

export type StatedSubject = { about: About; name: string; sha256: string };

/**
 * What a statement about a version of a listing names: the digest of its files' manifest. Where there are no files it is
 * about the endpoint, named by the digest of its address, or about the listing, named by the digest of its id: a card
 * is words, and nothing that could have been run.
 */
export function subjectOfVersion(
  { kind, modelDigest, endpointUrl }: StatedVersion,
  listingId: string,
): StatedSubject {
  switch (kind) {
    case "files":
      return { about: "files", name: "model files", sha256: modelDigest ?? "" };
    case "endpoint":
      return { about: "endpoint", name: "endpoint address", sha256: hexDigest(endpointUrl ?? "") };
    case "card_only":
      return { about: "listing", name: "listing", sha256: hexDigest(listingId) };
  }
}

/** An evaluation whose rows somebody brought from elsewhere, as it is kept. */
export type BroughtEvaluation = {
  evaluator: EvaluationPredicate["evaluator"];
  binding: Binding;
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
  { about, name, sha256 }: StatedSubject,
  agreedBy?: AgreedBy,
): Statement<EvaluationPredicate> {
  return evaluationStatement({
    subject: { about, name, sha256 },
    evaluator: row.evaluator,
    ...(agreedBy ? { agreedBy } : {}),
    binding: row.binding,
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
  | (StatedSubject & {
      state: "ready";
      modelDigest: string | null;
      /** The digests of its files, each of which a run may have been of. */
      fileDigests: ReadonlySet<string>;
    })
  | { state: "not_yet"; reason: string };

/** The kept evaluation in the words of its statement. Only for evaluations that somebody brought. */
export function broughtOf(row: EvaluationRecord): BroughtEvaluation {
  const { role, relation, evaluatorId, binding } = row;
  if (evaluatorId === null) throw new Error(`The evaluation ${row.id} was made here by the platform.`);
  return {
    evaluator: { role, relation, account: evaluatorId },
    binding,
    dataSetName: row.dataSetName,
    rowsDigest: row.rowsDigest,
    rowsUse: row.rowsUse as BroughtEvaluation["rowsUse"],
    observedFrom: row.observedFrom,
    observedTo: row.observedTo,
    summary: row.summary,
    finishedAt: row.finishedAt,
  };
}
