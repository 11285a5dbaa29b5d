import type { EnvelopeCell, VerdictName } from "@/lib/catalogue/standing";
import { type ClassReports, reportClasses } from "./class-report";
import type { BaseRows, EvaluationRow, SliceDefinition } from "./slice";
import { VERDICT_ALPHA, binomialLowerTail, binomialUpperTail, holmAdjust, neededRows } from "./statistics";
import { type MembershipPattern, type Proportion, type Tally, proportion, tallyRows } from "./tally";

export type SliceVerdict = VerdictName;

export type SliceSummary = Tally & {
  id: string;
  name: string;
  baseRows: BaseRows;
  discovered: boolean;
  verdict: SliceVerdict;
  /** Holm-adjusted exact p-value against "the true rate is at most the level". */
  pFilled: number;
  /** Holm-adjusted exact p-value against "the true rate is at least the level". */
  pFails: number;
  /** Holm-adjusted exact p-value against "the true rate is at most the base rate"; 1 where there is none. */
  pBeatsBase: number;
  beatsBaseRate: boolean;
  /** Rows that would decide the slice at the rate seen (flawless when none was); null when decided or hopeless. */
  neededN: number | null;
};

/** The union of the filled slices, each row once. `share` is of all rows. */
export type Coverage = Proportion & { share: number | null };

/** Everything a page shows about one evaluation. Plain JSON: it is stored and sent as it is. */
export type EvaluationSummary = ClassReports & {
  version: 1;
  /** The level the verdicts were drawn at. */
  level: number;
  /** One-sided error allowed for each verdict after adjustment over every slice. */
  alpha: number;
  intervalMethod: "wilson_95_pointwise";
  verdictMethod: "exact_binomial_one_sided_holm";
  overall: Tally;
  slices: SliceSummary[];
  /** Null when it cannot be redrawn without the rows. */
  coverage: Coverage | null;
  /** Some filled slice is shown to beat its base rate. */
  hasNiche: boolean;
  patterns: MembershipPattern[] | null;
};

/**
 * Judges a version on the rows of one data set: overall, per slice and per class.
 *
 * A slice is *filled* at `level` when the exact one-sided binomial p-value against "true rate ≤ level",
 * Holm-adjusted over every slice given, is at most 0.025; it *fails* likewise against "true rate ≥ level";
 * otherwise there is not enough evidence. Pass every slice that was examined, also those not to be shown:
 * leaving some out makes the adjustment a lie. Throws a RangeError for a level outside (0, 1), undefined or
 * repeated slice ids.
 */
export function summariseEvaluation(
  rows: readonly EvaluationRow[],
  slices: readonly SliceDefinition[],
  level: number,
): EvaluationSummary {
  const tallies = tallyRows(rows, slices);
  const facts = slices.map(({ id, name, baseRows, discovered }, position) => ({
    id,
    name,
    baseRows,
    discovered,
    ...(tallies.slices[position] ?? emptyTally()),
  }));
  const judged = judgeSlices(facts, level);
  return {
    version: 1,
    level,
    alpha: VERDICT_ALPHA,
    intervalMethod: "wilson_95_pointwise",
    verdictMethod: "exact_binomial_one_sided_holm",
    overall: tallies.overall,
    slices: judged,
    coverage: coverageOf(judged, tallies.patterns, tallies.overall.n),
    hasNiche: judged.some(isNiche),
    ...reportClasses(rows),
    patterns: tallies.patterns,
  };
}

/** The same evaluation at a buyer's own level: verdicts, rows needed, coverage and niche are drawn again. */
export function redrawVerdicts(summary: EvaluationSummary, level: number): EvaluationSummary {
  const slices = judgeSlices(summary.slices, level);
  return {
    ...summary,
    level,
    slices,
    coverage: coverageOf(slices, summary.patterns, summary.overall.n),
    hasNiche: slices.some(isNiche),
  };
}

/** The cells of the envelope strip, as a listing's standing keeps them. A slice without rows reads 0 of 0. */
export function envelopeCells(summary: EvaluationSummary): EnvelopeCell[] {
  return summary.slices.map(({ id, name, n, k, value, lower, upper, baseRate, verdict, neededN }) => ({
    slice: id,
    name,
    n,
    k,
    value: value ?? 0,
    lower,
    upper,
    baseRate: baseRate ?? 0,
    verdict,
    neededN,
  }));
}

type SliceFacts = Tally & Pick<SliceSummary, "id" | "name" | "baseRows" | "discovered">;

type Counts = { n: number; k: number; baseRate: number | null };

/** What follows for each slice from the counts of all of them and the level. Throws a RangeError for a level outside (0, 1). */
export function verdictsOf(
  slices: readonly Counts[],
  level: number,
): Pick<SliceSummary, "verdict" | "pFilled" | "pFails" | "pBeatsBase" | "beatsBaseRate">[] {
  if (!(level > 0 && level < 1)) throw new RangeError("A level lies strictly between 0 and 1.");
  const filled = holmAdjust(slices.map(({ k, n }) => binomialUpperTail(k, n, level)));
  const fails = holmAdjust(slices.map(({ k, n }) => binomialLowerTail(k, n, level)));
  const beats = holmAdjust(
    slices.map(({ k, n, baseRate }) => (baseRate === null ? 1 : binomialUpperTail(k, n, baseRate))),
  );
  return slices.map((_, position) => {
    const pFilled = filled[position] ?? 1;
    const pFails = fails[position] ?? 1;
    const pBeatsBase = beats[position] ?? 1;
    const verdict: SliceVerdict =
      pFilled <= VERDICT_ALPHA ? "filled" : pFails <= VERDICT_ALPHA ? "fails" : "not_enough_evidence";
    return { verdict, pFilled, pFails, pBeatsBase, beatsBaseRate: pBeatsBase <= VERDICT_ALPHA };
  });
}

function judgeSlices(slices: readonly SliceFacts[], level: number): SliceSummary[] {
  const verdicts = verdictsOf(slices, level);
  return slices.flatMap((slice, position) => {
    const found = verdicts[position];
    if (!found) return [];
    // At the strictest step of the adjustment, so that it suffices whatever the other slices do.
    const neededN =
      found.verdict === "not_enough_evidence"
        ? neededRows(slice.k, slice.n, level, VERDICT_ALPHA / slices.length)
        : null;
    return [{ ...slice, ...found, neededN }];
  });
}

function isNiche(slice: SliceSummary): boolean {
  return slice.verdict === "filled" && slice.beatsBaseRate;
}

function coverageOf(
  slices: readonly SliceSummary[],
  patterns: readonly MembershipPattern[] | null,
  total: number,
): Coverage | null {
  if (!patterns) return null;
  const covered = patterns.filter((pattern) =>
    pattern.slices.some((position) => slices[position]?.verdict === "filled"),
  );
  const n = covered.reduce((sum, pattern) => sum + pattern.n, 0);
  const k = covered.reduce((sum, pattern) => sum + pattern.k, 0);
  return { ...proportion(k, n), share: total === 0 ? null : n / total };
}

function emptyTally(): Tally {
  return {
    ...proportion(0, 0),
    baseRate: null,
    baseLabel: null,
    baseN: 0,
    clusters: null,
    designEffect: null,
  };
}
