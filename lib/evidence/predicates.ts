import { z } from "zod";
import { evidenceGrades, verdictNames } from "@/lib/catalogue/standing";
import { predicateTypeOf } from "./statement";

export const EVALUATION_PREDICATE = predicateTypeOf("evaluation");
export const DEAL_RECORD_PREDICATE = predicateTypeOf("deal-record");

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const decimal = z.string().regex(/^(0|[1-9]\d{0,14})(\.\d{1,9})?$/);
const count = z.int().nonnegative();
const instant = z.iso.datetime();
const text = z.string().max(300);

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

/**
 * How an account said so: with a key of its own, or `session`: the platform signs that the account agreed in a
 * session, the weaker form where no key could be made.
 */
const agreedBy = z.discriminatedUnion("method", [
  z.object({ method: z.literal("device_key") }),
  z.object({ method: z.literal("session"), session: text }),
]);
export type AgreedBy = z.infer<typeof agreedBy>;

/** A run of exact files on named rows. Every number is a decimal string or a safe integer. */
export const evaluationPredicateSchema = z.object({
  evaluator: z.object({ role: z.enum(["platform", "seller", "third_party"]), account: text }),
  /** Absent where the evaluator signs with a key of its own. */
  agreedBy: agreedBy.optional(),
  grade: z.enum(evidenceGrades),
  dataSet: z.object({
    name: text,
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
  runtime: z
    .object({ name: text, version: text, isolation: text, millisecondsPerThousand: decimal.nullable() })
    .nullable(),
  startedAt: instant.nullable(),
  finishedAt: instant,
});
export type EvaluationPredicate = z.infer<typeof evaluationPredicateSchema>;

export const dealRecordKinds = [
  "standing_offer",
  "contract",
  "delivery",
  "acceptance",
  "dispute",
  "ruling",
  "deletion",
] as const;

/** One step of a deal. Prices and terms appear only as salted commitments; people only as account ids. */
export const dealRecordPredicateSchema = z.object({
  record: z.enum(dealRecordKinds),
  deal: text,
  party: z.enum(["buyer", "seller", "platform"]),
  account: text,
  agreedBy,
  commitments: z.array(z.object({ of: z.enum(["terms", "price", "files", "decision"]), sha256 })).max(20),
  at: instant,
});
export type DealRecordPredicate = z.infer<typeof dealRecordPredicateSchema>;

/** JSON Schemas served at `/predicates/<name>/v1`. Unknown fields are allowed, as in-toto asks. */
export function predicateJsonSchema(name: string): Record<string, unknown> | null {
  const schema =
    name === "evaluation"
      ? evaluationPredicateSchema
      : name === "deal-record"
        ? dealRecordPredicateSchema
        : null;
  if (!schema) return null;
  return { $id: predicateTypeOf(name), ...z.toJSONSchema(schema, { io: "input" }) };
}

/** What a statement of each kind does not show, said wherever it is shown. */
export const doesNotProve: Record<string, readonly string[]> = {
  [EVALUATION_PREDICATE]: [
    "that the model does as well on rows unlike these",
    "that the rows were labelled correctly",
    "that the rows were unknown to whoever trained the model",
    "that the signer told the truth: a signature shows who said it",
  ],
  [DEAL_RECORD_PREDICATE]: [
    "what was paid or agreed: terms and price appear only as salted digests, which the parties can open",
    "who stands behind an account",
    "that the files do what the listing says",
  ],
};
