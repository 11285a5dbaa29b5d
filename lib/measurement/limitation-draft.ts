import type { LimitationType, MeasuredEffect, SeverityName } from "@/lib/catalogue/limitation";
import type { ClassReport } from "./class-report";
import { lowerTail } from "./clustered";
import type { EvaluationSummary, SliceSummary } from "./evaluation";
import { VERDICT_ALPHA, binomialLowerTail, holmAdjust } from "./statistics";
import type { Proportion } from "./tally";

/** A limitation as the seller first sees it: measured, and open to be reworded but not to be improved. */
export type LimitationDraft = {
  type: LimitationType;
  severity: SeverityName;
  condition: string;
  effect: MeasuredEffect | null;
  source: "measured";
  /** Why it was drafted, for the seller. */
  note: string;
};

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
 * Limitations shown by an evaluation at its level: from slices that fail, classes whose recall or precision is
 * shown to miss the level (exact tests, Holm-adjusted over the classes), the whole, and a small coverage.
 *
 * One draft per type, since a listing states each type once: the worst case gives the effect, the others are
 * named in the condition. Worst first. A slice whose name says nothing becomes "weak outside its niche".
 */
export function draftLimitations(summary: EvaluationSummary): LimitationDraft[] {
  const found = [...fromSlices(summary), ...fromClasses(summary), ...fromWhole(summary)];
  const byType = new Map<LimitationType, LimitationDraft[]>();
  for (const draft of found) byType.set(draft.type, [...(byType.get(draft.type) ?? []), draft]);
  return [...byType.values()].map(mergeDrafts).sort((a, b) => shortfallOf(a) - shortfallOf(b));
}

/** By how far the upper bound stays below the level: 0.3 or more severe, 0.1 or more moderate, else minor. */
export function severityOf(upper: number, level: number): SeverityName {
  const shortfall = level - upper;
  return shortfall >= 0.3 ? "severe" : shortfall >= 0.1 ? "moderate" : "minor";
}

function fromSlices({ slices, level }: EvaluationSummary): LimitationDraft[] {
  return slices
    .filter((slice) => slice.verdict === "fails")
    .map((slice) =>
      draft(typeOfSlice(slice), slice.name, "accuracy", slice, level, `The slice "${slice.name}" fails.`),
    );
}

function typeOfSlice({ name, sellerName, condition }: SliceSummary): LimitationType {
  const { all } = condition;
  if (all.some((test) => "confidenceAtLeast" in test)) return "overconfident";
  if (all.every((test) => "says" in test)) return "low_precision";
  const words = `${name} ${sellerName ?? ""}`;
  return TYPE_BY_NAME.find(([pattern]) => pattern.test(words))?.[1] ?? "low_overall_accuracy";
}

function fromClasses({ classes, confusion, level, overall }: EvaluationSummary): LimitationDraft[] {
  const misses = (figure: (report: ClassReport) => Proportion) => {
    const pValues = holmAdjust(classes.map(figure).map(({ k, n }) => binomialLowerTail(k, n, level)));
    return classes.filter((_, position) => (pValues[position] ?? 1) <= VERDICT_ALPHA);
  };
  const recall = misses((report) => report.recall).map((report) => {
    const { label } = report;
    const wrong = confusion.filter((cell) => cell.label === label && cell.prediction !== label);
    const errors = report.recall.n - report.recall.k;
    const taken = wrong[0];
    const isRare = report.recall.n < RARE_SHARE * overall.n;
    if (report.precision.n === 0) {
      return draft(
        "class_never_predicted",
        label,
        "recall",
        report.recall,
        level,
        `It never answers "${label}".`,
      );
    }
    if (isRare)
      return draft(
        "rare_classes",
        label,
        "recall",
        report.recall,
        level,
        `"${label}" is rare and often missed.`,
      );
    if (classes.length > 2 && taken && taken.count > errors / 2) {
      const condition = `${label}, mostly taken for ${taken.prediction === "" ? "no answer" : taken.prediction}`;
      return draft(
        "confuses_classes",
        condition,
        "recall",
        report.recall,
        level,
        `"${label}" is often mistaken.`,
      );
    }
    return draft(
      "low_recall",
      label,
      "recall",
      report.recall,
      level,
      `Many rows that are "${label}" are missed.`,
    );
  });
  const precision = misses((report) => report.precision).map((report) =>
    draft(
      "low_precision",
      report.label,
      "precision",
      report.precision,
      level,
      `"${report.label}" is often a false alarm.`,
    ),
  );
  return [...recall, ...precision];
}

function fromWhole({ overall, level, coverage, hasNiche }: EvaluationSummary): LimitationDraft[] {
  const drafts: LimitationDraft[] = [];
  if (overall.n > 0 && lowerTail(overall, level) <= VERDICT_ALPHA) {
    drafts.push(
      draft(
        "low_overall_accuracy",
        "all rows",
        "accuracy",
        overall,
        level,
        "Over all rows it misses the level.",
      ),
    );
  }
  if (hasNiche && coverage && coverage.share !== null && coverage.share < SMALL_COVERAGE) {
    const condition = `Its reliable slices hold ${coverage.n} of ${overall.n} rows`;
    const note = "Its reliable slices cover little of the input.";
    drafts.push({
      type: "narrow_niche",
      severity: "minor",
      condition,
      effect: null,
      source: "measured",
      note,
    });
  }
  return drafts;
}

function draft(
  type: LimitationType,
  condition: string,
  measure: MeasuredEffect["measure"],
  { k, n, lower, upper }: Proportion,
  level: number,
  note: string,
): LimitationDraft {
  const effect = { measure, k, n, lower, upper };
  return {
    type,
    severity: severityOf(upper, level),
    condition: cut(condition),
    effect,
    source: "measured",
    note,
  };
}

function mergeDrafts(drafts: readonly LimitationDraft[]): LimitationDraft {
  const [worst, ...others] = [...drafts].sort((a, b) => shortfallOf(a) - shortfallOf(b));
  if (!worst) throw new RangeError("Nothing to merge.");
  const also = others.map(({ condition }) => condition);
  return {
    ...worst,
    condition: cut([worst.condition, ...(also.length > 0 ? [`also ${also.join("; ")}`] : [])].join("; ")),
    note: [worst, ...others].map(({ note }) => note).join(" "),
  };
}

function shortfallOf({ effect }: LimitationDraft): number {
  return effect?.upper ?? 1;
}

function cut(text: string): string {
  return text.length <= MAX_CONDITION_CHARACTERS ? text : `${text.slice(0, MAX_CONDITION_CHARACTERS - 1)}…`;
}
