import type { DraftFields } from "@/lib/catalogue/draft-fields";
import type { NotMapped } from "@/lib/shared/cursor";
import type { Hashing, SignedFile } from "@/lib/statements/signed-manifest";
import type { ClusterSource } from "@/lib/measurement/clusters";
import type { EvaluationRow, SliceDefinition } from "@/lib/measurement/slice";

export type ForeignFormat =
  | "hf-model-card"
  | "hf-eval-results"
  | "lm-eval-results"
  | "lm-eval-samples"
  | "lighteval-results"
  | "lighteval-details"
  | "inspect-log"
  | "inspect-archive"
  | "every-eval-ever"
  | "every-eval-ever-instances"
  | "parquet"
  | "cyclonedx"
  | "model-signing"
  | "croissant"
  | "unknown";

export type TrapCode =
  /** The run stopped, failed, or covers less than its data set. */
  | "incomplete_run"
  /** The run was told to stop after some rows. */
  | "limit_set"
  /** A figure that may be percent or a share. */
  | "percent_or_proportion"
  /** "N/A", "NaN", "Infinity" or words where a number belongs. */
  | "not_a_number"
  /** A share outside 0 to 1, or outside the bounds the file states. */
  | "out_of_range"
  /** One id stands for two things. */
  | "repeated_id"
  /** Rows that were asked and are not in the denominator. */
  | "dropped_rows"
  /** The stated figure does not follow from the stated counts. */
  | "score_differs"
  /** The stated standard error does not follow from the stated share and rows. */
  | "standard_error_differs"
  /** All right or all wrong: a standard error of 0 is no certainty. */
  | "no_spread"
  /** Rows were asked several times. */
  | "several_epochs"
  /** The same answers were scored in several ways. */
  | "several_filters"
  /** Scores were changed after the run. */
  | "changed_by_hand"
  /** Whoever ran it takes the run, or some of its rows, back. */
  | "withdrawn"
  /** Scores between right and wrong, so no rows can be counted. */
  | "not_right_or_wrong"
  | "unsupported_version"
  | "not_readable"
  | "not_a_known_format"
  | "signature_forged"
  | "signature_unsupported"
  | "signature_not_checked"
  | "signature_malformed"
  | "manifest_unsafe";

/** Something about the file that would mislead whoever takes its figures as they stand. */
export type Trap = { code: TrapCode; message: string };

/** Traps after which the figures of a file are never full evidence. */
export const incompleteTraps: readonly TrapCode[] = ["incomplete_run", "limit_set", "dropped_rows"];

/** One figure as the file states it, beside what can be recomputed from it. Its grade is `claimed` at most. */
export type ForeignFigure = {
  name: string;
  metric: string;
  /** How answers were extracted before they were scored, where the file says so. */
  filter: string | null;
  slice: string | null;
  dataSet: {
    name: string | null;
    config: string | null;
    split: string | null;
    revision: string | null;
    url: string | null;
  };
  /** Null when it is not a number. Never converted between percent and share. */
  value: number | null;
  valueText: string;
  scale: "proportion" | "percent" | "other" | "not_stated";
  lowerIsBetter: boolean | null;
  /** Rows it rests on, and how many of them were right where that follows. */
  n: number | null;
  k: number | null;
  standardError: number | null;
  /** √(p(1−p)/(n−1)) of a share p of n right or wrong rows; null where that does not apply. */
  recomputedStandardError: number | null;
  /** As stated in the file. */
  interval: { lower: number; upper: number; level: number | null; method: string | null } | null;
  /** Wilson 95 %, computed here from k of n. */
  wilson: { lower: number; upper: number } | null;
  source: { url: string | null; name: string | null } | null;
  date: string | null;
};

export type ForeignDataOrigin = {
  name: string;
  description: string | null;
  url: string | null;
  licence: string | null;
  creators: string[];
  publishedOn: string | null;
  version: string | null;
  use: "training" | "evaluation" | "not_stated";
  files: { name: string; url: string | null; sha256: string | null }[];
  fields: string[];
  limitations: string[];
  derivedFrom: string[];
};

export type ForeignClaim = {
  target: string | null;
  text: string;
  reasoning: string | null;
  evidence: string[];
  counterEvidence: string[];
  isCounterClaim: boolean;
};

/** What an OpenSSF Model Signing bundle says about files, and whether the signature holds. */
export type ForeignSignature = {
  method: "key" | "certificate" | "sigstore" | "none";
  /** `not_checked`: the key is not among those given. `unsupported`: real, and not checkable here. */
  state: "verified" | "forged" | "not_checked" | "unsupported" | "malformed";
  keyHint: string | null;
  /** The given key under which it holds, in PEM; null as long as none does. */
  signedWith: string | null;
  /** SHA-256 of the concatenated raw digests: an annotation for search, never an identity. */
  rootDigest: string | null;
  /** SHA-256 of `manifestText`; null when no safe manifest can be rebuilt. */
  modelDigest: string | null;
  manifestText: string | null;
  /** As listed: whole files, or parts of them. */
  files: SignedFile[];
  hashing: Hashing;
  /** Paths that the signer left out. */
  ignored: string[];
};

/** What a foreign file holds, in one shape for every format. Nothing in it has been believed. */
export type ForeignDraft = {
  model: { name: string | null; id: string | null; revision: string | null; sha256: string | null };
  evaluator: { name: string | null; relation: string | null };
  harness: { name: string; version: string | null } | null;
  /** ISO 8601 in UTC. */
  ranAt: string | null;
  /** Circumstances that change a score: prompts shown, seeds, templates, versions. */
  conditions: { name: string; value: string }[];
  figures: ForeignFigure[];
  /** Rows that can be counted, sliced and judged here. */
  rows: EvaluationRow[];
  slices: SliceDefinition[];
  /** What shows that rows belong together; empty where nothing does. */
  clustersFrom: ClusterSource[];
  dataOrigins: ForeignDataOrigin[];
  limitations: string[];
  claims: ForeignClaim[];
  signature: ForeignSignature | null;
  /** Fields of a listing's draft. Rights are never derived from a licence's name. */
  listing: Partial<DraftFields>;
};

export type ForeignImport = {
  format: ForeignFormat;
  draft: ForeignDraft;
  /** Everything of the file that has no place here, with the reason: nothing is lost unseen. */
  notMapped: NotMapped[];
  traps: Trap[];
  warnings: string[];
  /** Values that found a place. */
  mappedCount: number;
};

export function emptyForeignDraft(): ForeignDraft {
  return {
    model: { name: null, id: null, revision: null, sha256: null },
    evaluator: { name: null, relation: null },
    harness: null,
    ranAt: null,
    conditions: [],
    figures: [],
    rows: [],
    slices: [],
    clustersFrom: [],
    dataOrigins: [],
    limitations: [],
    claims: [],
    signature: null,
    listing: {},
  };
}

/** Data of which no more is known than what is given. */
export function dataOrigin(
  name: string,
  known: Partial<Omit<ForeignDataOrigin, "name">> = {},
): ForeignDataOrigin {
  return {
    name,
    description: null,
    url: null,
    licence: null,
    creators: [],
    publishedOn: null,
    version: null,
    use: "not_stated",
    files: [],
    fields: [],
    limitations: [],
    derivedFrom: [],
    ...known,
  };
}
