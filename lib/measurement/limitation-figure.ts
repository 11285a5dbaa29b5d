import type { LimitLink } from "@/lib/catalogue/limitation-link";
import type { IntervalMethod } from "./clustered";
import type { EvaluationSummary } from "./evaluation";
import { type Proportion, type Tally, proportion } from "./tally";

export type Counted = Proportion & {
  intervalMethod: IntervalMethod;
  /** Independent ones among the rows; null where no two belong together. */
  clusters: number | null;
};

/**
 * What an evaluation counted of exactly this: a slice by its id, a class by its label, or the whole. Null where it did
 * not count it, or had no row of it: another slice, class or quantity never stands in. Coverage is the share of all
 * rows in the reached slices, at the level the summary is drawn at.
 */
export function countOf(summary: EvaluationSummary, link: LimitLink): Counted | null {
  const found = find(summary, link);
  return found && found.n > 0 ? found : null;
}

function find({ slices, classes, overall, coverage }: EvaluationSummary, link: LimitLink): Counted | null {
  if ("slice" in link) {
    const slice = slices.find(({ id }) => id === link.slice);
    return slice ? ofRows(slice) : null;
  }
  if ("class" in link) {
    const report = classes.find(({ label }) => label === link.class);
    return report ? plain(report[link.quantity]) : null;
  }
  if (link.quantity === "accuracy") return ofRows(overall);
  return coverage && plain(proportion(coverage.n, overall.n));
}

function ofRows({ n, k, value, lower, upper, intervalMethod, clustered }: Tally): Counted {
  return { n, k, value, lower, upper, intervalMethod, clusters: clustered?.n ?? null };
}

/** Counted over rows alone. */
function plain(found: Proportion): Counted {
  return { ...found, intervalMethod: "wilson_95", clusters: null };
}
