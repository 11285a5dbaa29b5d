import { z } from "zod";
import {
  limitFigureSchema,
  limitKey,
  measuredSubject,
  measuresSchema,
  type Measures,
} from "./limitation-link";

export type LimitationGroup =
  "input" | "language" | "classes" | "reliability" | "time" | "data" | "operation" | "use";

type LimitationKind = { group: LimitationGroup; label: string; meaning: string };

/**
 * Every typed limitation. `label` is what a buyer reads on a row, `meaning` the glossary's sentence.
 * A listing states each as present or absent; one it does not mention is "not stated", which is never good news.
 */
export const limitationTypes = {
  html_input: kind("input", "HTML input", "Falls short on text that carries HTML markup."),
  long_input: kind("input", "Long input", "Falls short when the input is long."),
  short_input: kind("input", "Short input", "Falls short when the input is short."),
  noisy_input: kind("input", "Noisy input", "Falls short on misspelt, scanned, blurred or noisy input."),
  truncated_input: kind("input", "Reads only the start", "Ignores everything after a fixed length."),
  missing_values: kind("input", "Missing values", "Needs every field; an empty one breaks it."),
  unusual_format: kind(
    "input",
    "Unusual formats",
    "Falls short on formats or layouts it was not trained on.",
  ),
  low_resolution: kind(
    "input",
    "Coarse input only",
    "Sees input at a low resolution and misses fine detail.",
  ),
  mixed_content: kind(
    "input",
    "Mixed content",
    "Falls short when one input holds several topics or objects.",
  ),
  adversarial_input: kind("input", "Easily fooled", "Small deliberate changes flip its answer."),

  language_coverage: kind("language", "Few languages", "Covers only some of the languages of its task."),
  related_languages: kind("language", "Confuses related languages", "Takes close relatives for one another."),
  dialects: kind("language", "Dialects", "Falls short on dialects and regional spelling."),
  code_switching: kind("language", "Mixed languages", "Falls short when languages change within one input."),
  script_coverage: kind("language", "Few scripts", "Reads only some writing systems."),

  rare_classes: kind("classes", "Rare classes", "Falls short on classes with few examples."),
  class_never_predicted: kind(
    "classes",
    "Never gives some answers",
    "Some classes are never predicted at all.",
  ),
  confuses_classes: kind("classes", "Confuses similar classes", "Takes some classes for one another."),
  low_recall: kind("classes", "Misses many", "Finds only part of what it looks for."),
  low_precision: kind("classes", "False alarms", "Often says yes where the answer is no."),
  closed_set: kind(
    "classes",
    "No “none of these”",
    "Always answers with a known class, even for a stranger.",
  ),
  majority_bias: kind("classes", "Leans to the common answer", "Prefers the most frequent class."),

  low_overall_accuracy: kind("reliability", "Weak outside its niche", "Its accuracy over all input is low."),
  overconfident: kind("reliability", "Overconfident", "Is often wrong where it says it is sure."),
  no_confidence: kind("reliability", "No confidence", "Gives no usable confidence with its answer."),
  unstable_output: kind("reliability", "Unstable answers", "The same input may get different answers."),
  narrow_niche: kind("reliability", "Small coverage", "Its reliable slices cover a small share of input."),
  looks_ahead_little: kind(
    "reliability",
    "Sees few steps ahead",
    "Handles immediate steps and misses what follows.",
  ),

  temporal_drift: kind("time", "Drifts over time", "Its results fall as its data get older."),
  old_data: kind("time", "Old data", "Was trained on data from years ago."),
  seasonal: kind("time", "Depends on season", "Results differ by season or time of day."),

  small_training_set: kind("data", "Small training set", "Saw few examples while training."),
  single_source_data: kind("data", "One source", "All its data come from one source or place."),
  synthetic_data: kind("data", "Synthetic data", "Was trained wholly or partly on made-up data."),
  unclear_data_rights: kind(
    "data",
    "Unclear data rights",
    "The rights to its training data are not settled.",
  ),
  personal_data: kind("data", "Personal data", "Personal data were in its training set."),
  label_noise: kind("data", "Noisy labels", "The labels it learned from are partly wrong."),
  possible_contamination: kind("data", "Possible test overlap", "Test data may have been seen in training."),

  slow: kind("operation", "Slow", "Takes long for one answer."),
  memory_heavy: kind("operation", "Needs much memory", "Needs more memory than its task suggests."),
  needs_preprocessing: kind("operation", "Needs preparation", "Input must be prepared in a particular way."),
  runtime_bound: kind("operation", "Bound to one runtime", "Runs only in a particular library or platform."),
  endpoint_may_change: kind(
    "operation",
    "May change at any time",
    "Runs at the seller, who can change it unseen.",
  ),

  not_for_regulated_use: kind(
    "use",
    "Not for regulated use",
    "Must not decide about people's rights or safety.",
  ),
  human_review_needed: kind("use", "Needs a human check", "Its answers need review before anything follows."),
  group_disparity: kind("use", "Uneven across groups", "Results differ between groups of people."),
} as const satisfies Record<string, LimitationKind>;

export type LimitationType = keyof typeof limitationTypes;

export const limitationTypeNames = Object.keys(limitationTypes) as LimitationType[];

export const limitationGroups: Record<LimitationGroup, string> = {
  input: "Input",
  language: "Language",
  classes: "Classes",
  reliability: "Reliability",
  time: "Time",
  data: "Data",
  operation: "Operation",
  use: "Use",
};

export const severities = ["minor", "moderate", "severe"] as const;
export type SeverityName = (typeof severities)[number];

/** A limitation as its seller states it. What it is measured by comes from an evaluation and from nowhere else. */
export const limitationSchema = z.object({
  type: z.enum(limitationTypeNames as [LimitationType, ...LimitationType[]]),
  presence: z.enum(["present", "absent"]).default("present"),
  severity: z.enum(severities).default("moderate"),
  /** The seller's own words; a figure never stands for them. */
  condition: z.string().trim().max(300).default(""),
  measures: measuresSchema.nullable().default(null),
});
export type Limitation = z.infer<typeof limitationSchema>;

/** The same as a listing shows it: with the figure of the run it is judged by, where that counts what is named. */
export const listedLimitationSchema = limitationSchema.extend({
  figure: limitFigureSchema.nullable().default(null),
});
export type ListedLimitation = z.infer<typeof listedLimitationSchema>;

/** Worst first, those of one type together. */
export function sortLimitations<T extends Pick<Limitation, "type" | "severity" | "measures">>(
  limitations: readonly T[],
): T[] {
  return limitations.toSorted(
    (a, b) =>
      severities.indexOf(b.severity) - severities.indexOf(a.severity) ||
      compare(a.type, b.type) ||
      compare(limitKey(a), limitKey(b)),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Types that speak of a class; every other speaks of a slice or of all rows. */
const recallTypes: readonly LimitationType[] = [
  "rare_classes",
  "class_never_predicted",
  "confuses_classes",
  "low_recall",
];

/** Whether a figure of this kind can show a limitation of this type: who misses many is shown by recall and nothing else. */
export function canShow(type: LimitationType, measures: Measures): boolean {
  if (type === "narrow_niche") return measures.quantity === "coverage";
  if (recallTypes.includes(type)) return measures.quantity === "recall";
  if (type === "low_precision") return measures.quantity === "precision" || "slice" in measures;
  return measures.quantity === "accuracy";
}

/** The groups whose labels do not say by themselves on what a model breaks. */
const groupsToldByCondition: readonly LimitationGroup[] = ["language", "classes", "reliability"];

type RowLimit = Pick<Limitation, "type" | "severity" | "condition"> & { measures: Measures | null };

/**
 * What a row says a model breaks on, of limitations ordered worst first: the slices or classes that the worst type was
 * measured on ("php, sound, graphics"), else the words of one of the worst where they are short, else the label of the
 * first. Null when none is stated.
 */
export function worstLimit<T extends RowLimit>(
  limits: readonly T[],
): { type: T["type"]; text: string } | null {
  const [first] = limits;
  if (!first) return null;
  const label = { type: first.type, text: limitationTypes[first.type].label };
  const worst = limits.filter(({ severity }) => severity === first.severity);
  for (const { type, condition } of worst) {
    if (!groupsToldByCondition.includes(limitationTypes[type].group)) continue;
    const text = briefly(subjectsOf(worst, type)) ?? briefly([condition.replace(/\.$/, "")]);
    if (text !== null) return { type, text };
  }
  return label;
}

function subjectsOf(limits: readonly RowLimit[], type: RowLimit["type"]): string[] {
  return limits.flatMap((limit) =>
    limit.type === type && limit.measures ? (measuredSubject(limit.measures) ?? []) : [],
  );
}

const briefLength = 52;

/** The first three where they are words, else the first where it is short; null when there is no short one. */
function briefly(texts: readonly string[]): string | null {
  const words = texts.slice(0, 3).join(", ");
  const brief = words.length <= 30 ? words : (texts[0] ?? "");
  return brief !== "" && brief.length <= briefLength ? brief : null;
}

export function isLimitationType(text: string): text is LimitationType {
  return Object.hasOwn(limitationTypes, text);
}

function kind(group: LimitationGroup, label: string, meaning: string): LimitationKind {
  return { group, label, meaning };
}
