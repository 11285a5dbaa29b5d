import type { LimitationType, SeverityName } from "@/lib/catalogue/limitation";
import { type Measures, measuresSchema } from "@/lib/catalogue/limitation-link";
import type { ClassReport } from "./class-report";
import { lowerTail } from "./clustered";
import type { EvaluationSummary, SliceSummary } from "./evaluation";
import { countOf } from "./limitation-figure";
import { VERDICT_ALPHA, binomialLowerTail, holmAdjust } from "./statistics";
import type { Proportion } from "./tally";

/** A limitation that an evaluation shows: linked to what was counted, open to a seller's words and never to another figure. */
export type LimitationDraft = {
  type: LimitationType;
  severity: SeverityName;
  presence: "present";
  /** Words to begin with; the seller's from then on. */
  condition: string;
  measures: Measures;
};

/** Drafts of one evaluation; whatever else falls short stands among its slices and classes. */
const MAX_DRAFTS = 40;
const MAX_CONDITION_CHARACTERS = 300;
const RARE_SHARE = 0.05;
const SMALL_COVERAGE = 0.25;

/** Words of a slice's name that tell which limitation its failing shows. The first match counts. */
const TYPE_BY_NAME: readonly (readonly [RegExp, LimitationType])[] = [
  [/html|markup/i, "html_input"],
  [/\bshort|brief|tiny|narrow/i, "short_input"],
  [/\blong|large|lengthy/i, "long_input"],
  [/nois|blur|scan|typo|misspel|ocr/i, "noisy_input"],
  [/missing|incomplete|without .*value/i, "missing_values"],
  [/dialect|regional/i, "dialects"],
  [/mixed lang|code[- ]switch/i, "code_switching"],
  [/script|alphabet/i, "script_coverage"],
  [/lang|locale/i, "language_coverage"],
  [/season|winter|summer|spring|autumn|month|hour|night/i, "seasonal"],
  [/\b(19|20)\d\d\b|year|date|period/i, "temporal_drift"],
  [/format|layout|file type/i, "unusual_format"],
  [/group|gender|\bage\b|ethnic/i, "group_disparity"],
  [/confiden|\bsure\b/i, "overconfident"],
];

/**
 * Limitations shown by an evaluation at its level, one for each slice that fails, each class whose recall or precision
 * is shown to miss the level (exact tests, Holm-adjusted over the classes), the whole, and a small coverage: the 40
 * that fall shortest, worst first. A slice whose name says nothing becomes "weak outside its niche".
 *
 * Each names what it was counted on, so that `countOf` finds the same figure again, here and in any other evaluation
 * that has it. What cannot be named exactly (a label longer than 1,000 characters) is not drafted.
 */
export function draftLimitations(summary: EvaluationSummary): LimitationDraft[] {
  const found = [...fromSlices(summary), ...fromClasses(summary), ...fromWhole(summary)];
  const upperOf = ({ measures }: LimitationDraft) => countOf(summary, measures)?.upper ?? 1;
  return found
    .filter(({ measures }) => measuresSchema.safeParse(measures).success)
    .sort((a, b) => upperOf(a) - upperOf(b))
    .slice(0, MAX_DRAFTS);
}

/** By how far the upper bound stays below the level: 0.3 or more severe, 0.1 or more moderate, else minor. */
export function severityOf(upper: number, level: number): SeverityName {
  const shortfall = level - upper;
  return shortfall >= 0.3 ? "severe" : shortfall >= 0.1 ? "moderate" : "minor";
}

function fromSlices({ slices, level }: EvaluationSummary): LimitationDraft[] {
  return slices
    .filter((slice) => slice.verdict === "fails")
    .map((slice) => {
      const measures = { quantity: "accuracy" as const, slice: slice.id, name: slice.name };
      return draft(typeOfSlice(slice), measures, severityOf(slice.upper, level));
    });
}

function typeOfSlice({ name, sellerName, condition }: SliceSummary): LimitationType {
  const { all } = condition;
  if (all.some((test) => "confidenceAtLeast" in test)) return "overconfident";
  if (all.every((test) => "says" in test)) return "low_precision";
  const words = `${name} ${sellerName ?? ""}`;
  return TYPE_BY_NAME.find(([pattern]) => pattern.test(words))?.[1] ?? "low_overall_accuracy";
}

function fromClasses(summary: EvaluationSummary): LimitationDraft[] {
  const { classes, level } = summary;
  const misses = (figure: (report: ClassReport) => Proportion) => {
    const pValues = holmAdjust(classes.map(figure).map(({ k, n }) => binomialLowerTail(k, n, level)));
    return classes.filter((_, position) => (pValues[position] ?? 1) <= VERDICT_ALPHA);
  };
  const recall = misses((report) => report.recall).map((report) => {
    const { type, words } = typeOfClass(report, summary);
    const measures = { quantity: "recall" as const, class: report.label };
    return draft(type, measures, severityOf(report.recall.upper, level), words);
  });
  const precision = misses((report) => report.precision).map(({ label, precision: { upper } }) =>
    draft("low_precision", { quantity: "precision", class: label }, severityOf(upper, level)),
  );
  return [...recall, ...precision];
}

/** How a class that is not found often enough fails: never answered, rare, taken for one other, or simply missed. */
function typeOfClass(
  { label, recall, precision }: ClassReport,
  { confusion, classes, overall }: EvaluationSummary,
): { type: LimitationType; words: string } {
  if (precision.n === 0) return { type: "class_never_predicted", words: "" };
  if (recall.n < RARE_SHARE * overall.n) return { type: "rare_classes", words: "" };
  const taken = confusion.find((cell) => cell.label === label && cell.prediction !== label);
  if (classes.length > 2 && taken && taken.count > (recall.n - recall.k) / 2) {
    const other = taken.prediction === "" ? "no answer" : `“${taken.prediction}”`;
    return { type: "confuses_classes", words: cut(`Mostly taken for ${other}.`) };
  }
  return { type: "low_recall", words: "" };
}

function fromWhole({ overall, level, coverage, hasNiche }: EvaluationSummary): LimitationDraft[] {
  const drafts: LimitationDraft[] = [];
  if (overall.n > 0 && lowerTail(overall, level) <= VERDICT_ALPHA)
    drafts.push(draft("low_overall_accuracy", { quantity: "accuracy" }, severityOf(overall.upper, level)));
  if (hasNiche && coverage && coverage.share !== null && coverage.share < SMALL_COVERAGE)
    drafts.push(draft("narrow_niche", { quantity: "coverage" }, "minor"));
  return drafts;
}

function draft(
  type: LimitationType,
  measures: Measures,
  severity: SeverityName,
  condition = "",
): LimitationDraft {
  return { type, severity, presence: "present", condition, measures };
}

function cut(text: string): string {
  return text.length <= MAX_CONDITION_CHARACTERS ? text : `${text.slice(0, MAX_CONDITION_CHARACTERS - 1)}…`;
}
