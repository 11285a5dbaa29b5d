import { wilsonInterval } from "@/lib/measurement/statistics";
import type { ForeignFigure, Trap } from "./foreign-draft";

export type StatedFigure = Pick<ForeignFigure, "name" | "metric"> &
  Partial<Omit<ForeignFigure, "dataSet">> & { dataSet?: Partial<ForeignFigure["dataSet"]> };

/** More than any real file holds; what lies beyond is listed as not mapped. */
export const MAX_FIGURES = 5_000;

/** Metrics that are the share of rows answered right, so that k of n and its error follow. */
const SHARE_METRICS =
  /^(acc|accuracy|acc_norm|exact_match|em|pass_rate|accuracy_score|score_accuracy|match|quasi_exact_match|extractive_match)$/i;
/** Metrics that lie between 0 and 1 and are often printed as percent. */
const UNIT_METRICS =
  /acc|exact|f1|precision|recall|auc|rouge|bleu|match|pass|mcc|jaccard|iou|map\b|ndcg|hit|rate/i;

export function isShareMetric(metric: string): boolean {
  return SHARE_METRICS.test(metric.replace(/^.*\//, ""));
}

/** A number, or what stands in its place: "N/A", "Infinity", "91.5%", "0.9 ± 0.1" and words are no numbers. */
export function statedNumber(value: unknown): { value: number | null; text: string; isPercent: boolean } {
  if (typeof value === "number") {
    return { value: Number.isFinite(value) ? value : null, text: String(value), isPercent: false };
  }
  const text = typeof value === "string" ? value.trim().slice(0, 200) : "";
  const match = /^([-+]?\d{1,30}(?:\.\d{0,30})?(?:e[-+]?\d{1,3})?)\s*(%?)$/i.exec(text);
  const number = match ? Number(match[1]) : Number.NaN;
  return { value: Number.isFinite(number) ? number : null, text, isPercent: Boolean(match?.[2]) };
}

/**
 * A figure with what can be recomputed from it, and the traps it holds. For a share of n right or wrong rows that
 * is k, the Wilson 95 % interval and the standard error √(p(1−p)/(n−1)). Unless a figure is known to be printed in
 * full, k is given only where its digits leave no second count. Where its rows depend on each other neither interval
 * nor error follow from k of n alone.
 */
export function checkFigure(
  stated: StatedFigure,
  traps: Trap[],
  known: { isPrintedInFull?: boolean; hasClusters?: boolean } = {},
): ForeignFigure {
  const figure: ForeignFigure = {
    filter: null,
    slice: null,
    value: null,
    valueText: stated.value === undefined ? "" : String(stated.value),
    scale: "not_stated",
    lowerIsBetter: null,
    n: null,
    k: null,
    standardError: null,
    recomputedStandardError: null,
    interval: null,
    wilson: null,
    source: null,
    date: null,
    ...stated,
    dataSet: { name: null, config: null, split: null, revision: null, url: null, ...stated.dataSet },
  };
  const place = placeOf(figure);
  if (figure.value === null) {
    addTrap(
      traps,
      "not_a_number",
      `${place} reads "${figure.valueText.slice(0, 60)}", which is not a number.`,
    );
    return figure;
  }
  judgeScale(figure, place, traps);
  recompute(figure, place, traps, known);
  judgeInterval(figure, place, traps);
  return figure;
}

/** Each trap once, and a bounded number of them. */
export function addTrap(traps: Trap[], code: Trap["code"], message: string): void {
  if (traps.length < 200 && !traps.some((trap) => trap.code === code && trap.message === message)) {
    traps.push({ code, message });
  }
}

function judgeScale(figure: ForeignFigure, place: string, traps: Trap[]): void {
  const value = figure.value ?? 0;
  const isUnit = UNIT_METRICS.test(figure.metric) || isShareMetric(figure.metric);
  if (figure.scale === "not_stated" && isUnit && value >= 0 && value <= 1) figure.scale = "proportion";
  else if (figure.scale === "not_stated" && isUnit && value > 1 && value <= 100) {
    figure.scale = "percent";
    addTrap(
      traps,
      "percent_or_proportion",
      `${place} is ${figure.valueText}: it looks like percent, and the file does not say so.`,
    );
  } else if (figure.scale === "percent" && value > 0 && value <= 1) {
    addTrap(
      traps,
      "percent_or_proportion",
      `${place} is ${figure.valueText} and marked as percent: it may be a share.`,
    );
  } else if (figure.scale === "proportion" && (value < 0 || value > 1)) {
    const code = value > 1 && value <= 100 ? "percent_or_proportion" : "out_of_range";
    addTrap(traps, code, `${place} is ${figure.valueText} and marked as a share between 0 and 1.`);
  }
}

function recompute(
  figure: ForeignFigure,
  place: string,
  traps: Trap[],
  { isPrintedInFull = false, hasClusters = false }: { isPrintedInFull?: boolean; hasClusters?: boolean },
): void {
  const { value, n } = figure;
  const isShare = isShareMetric(figure.metric) && figure.scale === "proportion";
  if (!isShare || value === null || value > 1 || value < 0 || n === null || n < 1) return;
  const k = Math.round(value * n);
  // Printed with few digits, a share may be off by half of the last one.
  const slack = isPrintedInFull ? 1e-6 : Math.max(1e-6, n * 0.5 * 10 ** -decimals(figure.valueText));
  if (Math.abs(value * n - k) > slack) {
    addTrap(
      traps,
      "score_differs",
      `${place} is ${figure.valueText}, which no whole number of ${n} rows gives: rows were dropped, weighted or partly right.`,
    );
    return;
  }
  // With so few digits several counts would print alike.
  if (slack < 0.5) {
    figure.k = k;
    if (!hasClusters) figure.wilson = wilsonInterval(k, n);
  }
  if (n > 1 && !hasClusters) figure.recomputedStandardError = Math.sqrt((value * (1 - value)) / (n - 1));
  if (k === 0 || k === n) {
    addTrap(
      traps,
      "no_spread",
      `${place} is ${figure.valueText} on ${n} rows: with all rows alike a standard error of 0 shows no certainty.`,
    );
  }
  compareErrors(figure, place, traps);
}

/** A stated standard error that is more than 2 % off what was recomputed is a trap. */
export function compareErrors(
  { standardError: stated, recomputedStandardError: own }: ForeignFigure,
  place: string,
  traps: Trap[],
): void {
  if (stated === null || own === null || Math.abs(stated - own) <= 1e-4 + 0.02 * own) return;
  addTrap(
    traps,
    "standard_error_differs",
    `${place}: the stated standard error ${stated} is not the ${own.toPrecision(6)} that its share and rows give.`,
  );
}

function judgeInterval({ interval, value }: ForeignFigure, place: string, traps: Trap[]): void {
  if (!interval || value === null) return;
  if (interval.lower > interval.upper || value < interval.lower || value > interval.upper) {
    addTrap(traps, "out_of_range", `${place} lies outside the interval the file states for it.`);
  }
}

function decimals(text: string): number {
  if (/e/i.test(text)) return 15;
  const digits = /\.(\d+)/.exec(text)?.[1]?.length ?? 0;
  // What a program printed in full was not rounded.
  return digits >= 12 ? 15 : digits;
}

function placeOf({ name, metric, filter, slice }: ForeignFigure): string {
  const parts = [name, metric, filter, slice].filter((part) => part && part !== "none");
  return [...new Set(parts)].join(", ").slice(0, 200);
}
