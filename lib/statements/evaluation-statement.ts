import type { EvaluationSummary } from "@/lib/measurement/evaluation";
import { decimalText } from "./decimal-text";
import { gradeOfRun } from "./evaluation-grade";
import type { About, Binding } from "./kinds/binding";
import { EVALUATION_PREDICATE, type EvaluationPredicate } from "./kinds/evaluation";
import type { AgreedBy } from "./kinds/field";
import { type Statement, makeStatement } from "./statement";
import { CLUSTER_DRAWS } from "@/lib/measurement/clustered";
import type { Tally } from "@/lib/measurement/tally";

export type EvaluationStatementInput = {
  /** What it is about: the digest of the files' manifest where there are files. */
  subject: { about: About; sha256: string; name?: string };
  evaluator: EvaluationPredicate["evaluator"];
  /** Given when the platform signs that the evaluator agreed in this session. */
  agreedBy?: AgreedBy;
  binding: Binding;
  dataSet: {
    name: string;
    rowsSha256: string;
    use: "attestation" | "discovery";
    observedFrom: Date | null;
    observedTo: Date | null;
  };
  summary: EvaluationSummary;
  /** The answers the model can give, where they are known. */
  classes?: readonly string[];
  runtime: {
    name: string;
    version: string;
    isolation: string;
    millisecondsPerThousand: number | null;
  } | null;
  /** The program that ran the model or counted the rows, where it is known. */
  harness?: EvaluationPredicate["harness"];
  /** Given for a run that somebody asked for here. */
  run?: EvaluationPredicate["run"];
  startedAt: Date | null;
  finishedAt: Date;
};

const MAX_STATED_LABEL = 300;

/** The statement to sign about one evaluation, with the grade that follows: shares and p-values to six digits, counts as whole numbers. */
export function evaluationStatement(input: EvaluationStatementInput): Statement<EvaluationPredicate> {
  const { summary, dataSet, runtime, evaluator, binding, subject } = input;
  const predicate: EvaluationPredicate = {
    evaluator,
    ...(input.agreedBy ? { agreedBy: input.agreedBy } : {}),
    grade: gradeOfRun({ ...evaluator, binding, about: subject.about }),
    about: subject.about,
    binding,
    dataSet: {
      name: dataSet.name,
      rows: { sha256: dataSet.rowsSha256 },
      n: summary.overall.n,
      use: dataSet.use,
      observedFrom: dataSet.observedFrom?.toISOString() ?? null,
      observedTo: dataSet.observedTo?.toISOString() ?? null,
    },
    method: {
      level: decimalText(summary.level),
      alpha: decimalText(summary.alpha),
      verdict: "exact_binomial_one_sided_holm",
      slicesExamined: summary.slices.length,
    },
    clusters: summary.clusters && { ...summary.clusters, draws: CLUSTER_DRAWS },
    ...(input.classes ? { classes: [...input.classes] } : {}),
    overall: proportionText(summary.overall),
    slices: summary.slices.map((slice) => ({
      id: slice.id,
      name: slice.name,
      condition: slice.condition,
      ...(slice.sellerName === null ? {} : { sellerName: slice.sellerName }),
      discovered: slice.discovered,
      ...(slice.knownBefore ? { knownBefore: true as const } : {}),
      verdict: slice.verdict,
      pFilled: decimalText(slice.pFilled),
      pFails: decimalText(slice.pFails),
      pBeatsBase: decimalText(slice.pBeatsBase),
      neededRows: slice.neededN,
      ...proportionText(slice),
    })),
    results: resultsOf(input),
    showsNiche: summary.hasNiche,
    ...(input.harness ? { harness: input.harness } : {}),
    ...(input.run ? { run: input.run } : {}),
    runtime: runtime && {
      ...runtime,
      millisecondsPerThousand:
        runtime.millisecondsPerThousand === null ? null : decimalText(runtime.millisecondsPerThousand, 3),
    },
    startedAt: input.startedAt?.toISOString() ?? null,
    finishedAt: input.finishedAt.toISOString(),
  };
  const { about: _, ...named } = subject;
  return makeStatement(EVALUATION_PREDICATE, [named], predicate);
}

/** The overall figure in the shape of Every Eval Ever; none where there were no rows. */
function resultsOf({
  dataSet,
  summary: { overall },
}: EvaluationStatementInput): EvaluationPredicate["results"] {
  if (overall.value === null) return [];
  return [
    {
      evaluation_name: dataSet.name,
      source_data: { dataset_name: dataSet.name, source_type: "other", samples_number: overall.n },
      metric_config: {
        metric_name: "accuracy",
        metric_unit: "proportion",
        lower_is_better: false,
        score_type: "continuous",
        min_score: "0",
        max_score: "1",
      },
      score_details: {
        score: decimalText(overall.value),
        uncertainty: {
          confidence_interval: {
            lower: decimalText(overall.lower),
            upper: decimalText(overall.upper),
            confidence_level: "0.95",
            method: overall.intervalMethod,
          },
          num_samples: overall.n,
        },
      },
    },
  ];
}

function proportionText(tally: Tally): EvaluationPredicate["overall"] {
  const { n, k, value, lower, upper, intervalMethod, baseRate, baseLabel, baseK, baseN, clustered } = tally;
  return {
    n,
    k,
    value: value === null ? null : decimalText(value),
    lower: decimalText(lower),
    upper: decimalText(upper),
    interval: intervalMethod,
    baseRate: baseRate === null ? null : decimalText(baseRate),
    baseLabel: baseLabel === null || baseLabel.length > MAX_STATED_LABEL ? null : baseLabel,
    baseK,
    baseN,
    clusters: clustered?.shapes ?? null,
  };
}
