import { z } from "zod";
import { evidenceGrades, verdictNames } from "@/lib/catalogue/standing";
import { predicateTypeOf } from "../statement";
import { aboutNames, bindingSchema } from "./binding";
import { evaluationFacts, evaluationHeadline } from "./evaluation-sentences";
import { agreedBy, count, decimal, instant, sha256, shortText } from "./field";
import { byRole, statementKind } from "./kind";

export const EVALUATION_PREDICATE = predicateTypeOf("evaluation");

const proportion = z.object({
  n: count,
  k: count,
  /** "0" to "1"; null when n is 0. */
  value: decimal.nullable(),
  lower: decimal,
  upper: decimal,
  baseRate: decimal.nullable(),
  baseN: count,
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
    n: count,
    use: z.enum(["attestation", "discovery"]),
    observedFrom: instant.nullable(),
    observedTo: instant.nullable(),
  }),
  method: z.object({
    level: decimal,
    alpha: decimal,
    interval: z.literal("wilson_95_pointwise"),
    verdict: z.literal("exact_binomial_one_sided_holm"),
    slicesExamined: count,
  }),
  overall: proportion,
  slices: z
    .array(
      proportion.extend({
        id: z.string().max(1_000),
        name: z.string().max(1_000),
        discovered: z.boolean(),
        verdict: z.enum(verdictNames),
        pFilled: decimal,
        pFails: decimal,
      }),
    )
    .max(500),
  /** The overall figure as programs that read Every Eval Ever expect it. */
  results: z.array(evaluationResult).max(20).optional(),
  /** Some reached slice beats its base rate, by the adjusted exact test. */
  showsNiche: z.boolean().optional(),
  /** The program that ran the model or counted the rows; null digest where its bytes are not known. */
  harness: z.object({ name: shortText, version: shortText, sha256: sha256.nullable() }).optional(),
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
  saidAt: ({ finishedAt }) => finishedAt,
  sentencesOf: (statement) => ({
    headline: evaluationHeadline(statement),
    facts: evaluationFacts(statement),
  }),
  // Statements that do not say so themselves: nothing reached is no niche.
  isAdverse: ({ showsNiche, slices }) => !(showsNiche ?? slices.some(({ verdict }) => verdict === "filled")),
});
