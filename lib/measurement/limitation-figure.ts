import type { LimitLink } from "@/lib/catalogue/limitation-link";
import type { EvaluationSummary } from "./evaluation";
import { type Proportion, proportion } from "./tally";

/**
 * What an evaluation counted of exactly this: a slice by its id, a class by its label, or the whole. Null where it did
 * not count it, or had no row of it: another slice, class or quantity never stands in. Coverage is the share of all
 * rows in the reached slices, at the level the summary is drawn at.
 */
export function countOf(summary: EvaluationSummary, link: LimitLink): Proportion | null {
  const found = find(summary, link);
  return found && found.n > 0 ? found : null;
}

function find({ slices, classes, overall, coverage }: EvaluationSummary, link: LimitLink): Proportion | null {
  if ("slice" in link) return slices.find(({ id }) => id === link.slice) ?? null;
  if ("class" in link) return classes.find(({ label }) => label === link.class)?.[link.quantity] ?? null;
  if (link.quantity === "accuracy") return overall;
  return coverage && proportion(coverage.n, overall.n);
}
