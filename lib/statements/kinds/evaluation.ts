import { z } from "zod";
import { conditionSchema } from "@/lib/catalogue/condition";
import { evidenceGrades, intervalMethods, verdictNames } from "@/lib/catalogue/standing";
import { CLUSTER_DRAWS } from "@/lib/measurement/clustered";
import { rowsOrigins } from "@/lib/inference/evaluation-run";
import { clusterSources } from "@/lib/measurement/clusters";
import { predicateTypeOf } from "../statement";
import { evaluationFault } from "../evaluation-sense";
import { aboutNames, bindingSchema, runtimeSchema } from "./binding";
import { evaluationFacts, evaluationHeadline } from "./evaluation-sentences";
import { agreedBy, count, decimal, instant, sha256, shortText } from "./field";
import { byRole, statementKind } from "./kind";

export const EVALUATION_PREDICATE = predicateTypeOf("evaluation");

/** More rows than anybody runs, and few enough that what follows from them is recomputed in a moment. */
const rows = count.max(10_000_000);

/** Clusters of more different shapes than this are not stated: 200,000 rows have at most 3,569. */
const MAX_CLUSTER_SHAPES = 4_000;

const proportion = z.object({
  n: rows,
  k: rows,
  /** "0" to "1"; null when n is 0. */
  value: decimal.nullable(),
  lower: decimal,
  upper: decimal,
  interval: z.enum(intervalMethods),
  /** The commonest label among the rows that meet the condition on the input: `baseK` of `baseN`. */
  baseRate: decimal.nullable(),
  /** Null where there were no rows, and for a label longer than 300 characters. */
  baseLabel: shortText.nullable(),
  baseK: rows,
  baseN: rows,
  /** `[rows, right, how many such clusters]`; null where no two rows share a cluster. */
  clusters: z
    .array(z.tuple([rows, rows, rows]))
    .max(MAX_CLUSTER_SHAPES)
    .nullable(),
});

/** The relation of the evaluator to who made or sells the model, in the words of Every Eval Ever. */
export const evaluatorRelations = ["first_party", "third_party", "collaborative", "other"] as const;

/** One figure in the shape of an Every Eval Ever 0.3 result; its numbers are decimal strings here. */
const evaluationResult = z.object({
  evaluation_name: z.string().max(1_000),
  source_data: z.object({ dataset_name: shortText, source_type: shortText, samples_number: count }),
  metric_config: z.object({
    metric_name: shortText,
    metric_unit: shortText,
    lower_is_better: z.boolean(),
    score_type: shortText,
    min_score: decimal,
    max_score: decimal,
  }),
  score_details: z.object({
    score: decimal,
    uncertainty: z.object({
      confidence_interval: z.object({
        lower: decimal,
        upper: decimal,
        confidence_level: decimal,
        method: shortText,
      }),
      num_samples: count,
    }),
  }),
});

/** A run on named rows. Every number is a decimal string or a safe integer. */
export const evaluationPredicateSchema = z.object({
  evaluator: z.object({
    role: z.enum(["platform", "seller", "third_party"]),
    account: shortText,
    relation: z.enum(evaluatorRelations),
  }),
  /** Absent where the evaluator signs with a key of its own. */
  agreedBy: agreedBy.optional(),
  /** Follows from role, relation, binding and what it is about: `gradeOfRun`. */
  grade: z.enum(evidenceGrades),
  about: z.enum(aboutNames),
  binding: bindingSchema,
  dataSet: z.object({
    name: shortText,
    rows: z.object({ sha256 }),
    n: rows,
    use: z.enum(["attestation", "discovery"]),
    observedFrom: instant.nullable(),
    observedTo: instant.nullable(),
  }),
  method: z.object({
    level: decimal,
    alpha: decimal,
    verdict: z.literal("exact_binomial_one_sided_holm"),
    slicesExamined: count,
  }),
  /** Which rows are not independent of each other, and what shows it; null where nothing does. */
  clusters: z
    .object({
      n: count,
      from: z.array(z.enum(clusterSources)).max(clusterSources.length),
      /** Tests and intervals rest on so many draws, seeded by the digest of the rows. */
      draws: z.literal(CLUSTER_DRAWS),
    })
    .nullable(),
  /** The answers the model can give, where they are known. */
  classes: z.array(shortText).max(1_000).optional(),
  overall: proportion,
  slices: z
    .array(
      proportion.extend({
        /** Id and name follow from the condition. */
        id: z.string().regex(/^[0-9a-f]{32}$/),
        name: z.string().max(10_000),
        condition: conditionSchema,
        sellerName: shortText.optional(),
        /** Chosen by the evaluator by looking at these same rows. */
        discovered: z.boolean(),
        /** The evaluator's word that the condition stood before anybody looked at these rows. */
        knownBefore: z.literal(true).optional(),
        verdict: z.enum(verdictNames),
        pFilled: decimal,
        pFails: decimal,
        pBeatsBase: decimal,
        /** Independent rows that would decide it at the rate seen. */
        neededRows: count.nullable(),
      }),
    )
    .max(500),
  /** The overall figure as programs that read Every Eval Ever expect it. */
  results: z.array(evaluationResult).max(20),
  /** Some reached slice beats its base rate, by the adjusted exact test. */
  showsNiche: z.boolean(),
  /** The program that ran the model or counted the rows; null digest where its bytes are not known. */
  harness: z.object({ name: shortText, version: shortText, sha256: sha256.nullable() }).optional(),
  /** A run that somebody asked for here: it was logged before its score was known. */
  run: z
    .object({
      /** The statement that it was begun. */
      attempt: sha256,
      runContract: z.object({ sha256 }),
      /** Of the answers, salted. */
      answers: z.object({ sha256 }),
      rowsFrom: z.enum(rowsOrigins),
      /** Of a public set. */
      licence: shortText.optional(),
      /** Rows that could not be run. They are counted as wrong. */
      notRun: rows,
      /** Rows that the seller had before: not run, and not counted. */
      leftOut: rows,
      machine: runtimeSchema,
    })
    .optional(),
  runtime: z
    .object({
      name: shortText,
      version: shortText,
      isolation: shortText,
      millisecondsPerThousand: decimal.nullable(),
    })
    .nullable(),
  startedAt: instant.nullable(),
  finishedAt: instant,
});
export type EvaluationPredicate = z.infer<typeof evaluationPredicateSchema>;

const capacities = {
  platform: null,
  // Drafts are measured before they are published.
  seller: { as: "drafter" },
  third_party: { as: "evaluator" },
} as const;

/** A run on named rows, with its counts and verdicts, and what ties it to the files. */
export const evaluationKind = statementKind({
  name: "evaluation",
  predicateType: EVALUATION_PREDICATE,
  title: "Evaluation",
  schema: evaluationPredicateSchema,
  doesNotProve: [
    "that the model does as well on rows unlike these",
    "that the rows were labelled correctly",
    "that the rows were unknown to whoever trained the model",
    "that the signer told the truth: a signature shows who said it",
  ],
  speakerOf: ({ evaluator, agreedBy }) => byRole(evaluator, agreedBy),
  capacityOf: ({ evaluator: { role } }) => capacities[role],
  saidAt: ({ finishedAt }) => finishedAt,
  pastOf: ({ startedAt, finishedAt, dataSet }) => [
    startedAt,
    finishedAt,
    dataSet.observedFrom,
    dataSet.observedTo,
  ],
  spansOf: ({ startedAt, finishedAt, dataSet }) => [
    [startedAt, finishedAt],
    [dataSet.observedFrom, dataSet.observedTo],
  ],
  faultOf: ({ predicate }) => evaluationFault(predicate),
  sentencesOf: (statement) => ({
    headline: evaluationHeadline(statement),
    facts: evaluationFacts(statement),
  }),
  isAdverse: ({ showsNiche }) => !showsNiche,
});
