import { z } from "zod";
import { conditionSchema } from "./condition";

export const evidenceGrades = [
  "claimed",
  "seller_signed",
  "third_party",
  "platform_measured",
  "reproduced",
] as const;
export type EvidenceGradeName = (typeof evidenceGrades)[number];

/** What pages say for each grade: who stands behind a figure, apart from how good it is. */
export const gradeLabels: Record<EvidenceGradeName, string> = {
  claimed: "Stated, not shown",
  seller_signed: "Signed by the seller",
  third_party: "Signed by an independent evaluator",
  platform_measured: "Measured here",
  reproduced: "Reproduced independently",
};

/** The same where there is little room. */
export const gradeBriefLabels: Record<EvidenceGradeName, string> = {
  claimed: "Stated, not shown",
  seller_signed: "Signed by the seller",
  third_party: "Independent evaluator",
  platform_measured: "Measured here",
  reproduced: "Reproduced",
};

export const verdictNames = ["filled", "fails", "not_enough_evidence"] as const;
export type VerdictName = (typeof verdictNames)[number];

/** How an interval came about: see lib/measurement/clustered.ts */
export const intervalMethods = ["wilson_95", "clustered_bootstrap_95", "wilson_95_of_clusters"] as const;

/** One cell of the envelope strip: a slice, its 95 % interval and its verdict at the declared level. */
export const envelopeCellSchema = z.object({
  slice: z.string(),
  /** Made of the condition. */
  name: z.string(),
  sellerName: z.string().nullable(),
  condition: conditionSchema,
  n: z.int().nonnegative(),
  k: z.int().nonnegative(),
  /** Independent ones among the rows; null where no two belong together. */
  clusters: z.int().nonnegative().nullable(),
  value: z.number(),
  lower: z.number(),
  upper: z.number(),
  intervalMethod: z.enum(intervalMethods),
  baseRate: z.number(),
  baseLabel: z.string().nullable(),
  baseN: z.int().nonnegative(),
  discovered: z.boolean(),
  verdict: z.enum(verdictNames),
  neededN: z.int().nonnegative().nullable(),
});
export type EnvelopeCell = z.infer<typeof envelopeCellSchema>;

/** "works in 5 of 8 slices, 2 fail, 1 unknown", or "works in none of 8 slices, …": the strip in words. */
export function envelopeText(cells: readonly Pick<EnvelopeCell, "verdict">[]): string {
  if (cells.length === 0) return "no slices evaluated yet";
  const count = (verdict: VerdictName) => cells.filter((cell) => cell.verdict === verdict).length;
  const rest = [
    [count("fails"), "fail"],
    [count("not_enough_evidence"), "unknown"],
  ].filter(([number]) => number);
  const head = `works in ${count("filled") || "none"} of ${cells.length} slice${cells.length === 1 ? "" : "s"}`;
  return [head, ...rest.map(([number, word]) => `${number} ${word}`)].join(", ");
}

const STALE_AFTER_MONTHS = 12;

/** Evidence older than twelve months is stale; so is, whatever its age, that of another version than the one served. */
export function isStale(evidenceAt: Date | null, now: Date): boolean {
  if (!evidenceAt) return false;
  const limit = new Date(now);
  limit.setUTCMonth(limit.getUTCMonth() - STALE_AFTER_MONTHS);
  return evidenceAt < limit;
}
