import type { Condition } from "@/lib/catalogue/condition";
import type { EnvelopeCell, VerdictName } from "@/lib/catalogue/standing";
import { digestRows } from "./canonical-rows";
import { type ClassReports, reportClasses } from "./class-report";
import { lowerTail, upperTail } from "./clustered";
import type { ClusterSource } from "./clusters";
import { conditionId, conditionWords } from "./condition";
import { pick } from "@/lib/shared/pick";
import type { EvaluationRow, SliceDefinition } from "./slice";
import { VERDICT_ALPHA, holmAdjust, neededRows } from "./statistics";
import { type MembershipPattern, type Proportion, type Tally, proportion, tallyRows } from "./tally";

export type SliceVerdict = VerdictName;

export type SliceSummary = Tally &
  SliceJudgement & {
    /** Follows from the condition, and so does the name. */
    id: string;
    name: string;
    condition: Condition;
    sellerName: string | null;
    discovered: boolean;
    knownBefore: boolean;
  };

/** What the tests say of a slice, after adjustment over every slice. */
export type SliceJudgement = {
  verdict: SliceVerdict;
  /** Holm-adjusted exact p-value against "the true rate is at most the level". */
  pFilled: number;
  /** Holm-adjusted exact p-value against "the true rate is at least the level". */
  pFails: number;
  /** Holm-adjusted exact p-value against "the true rate is at most the base rate"; 1 where there is none. */
  pBeatsBase: number;
  beatsBaseRate: boolean;
  /** Independent rows (clusters) that would decide the slice at the rate seen (flawless when none was); null when decided or hopeless. */
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
  /** The clusters among all rows and what shows that rows belong together; null where nothing does. */
  clusters: { n: number; from: ClusterSource[] } | null;
  /** SHA-256 in hex of the rows, which seeds every draw; null where none was made. */
  seed: string | null;
  overall: Tally;
  slices: SliceSummary[];
  /** Null when it cannot be redrawn without the rows. */
  coverage: Coverage | null;
  /** Some filled slice is shown to beat its base rate. */
  hasNiche: boolean;
  patterns: MembershipPattern[] | null;
};

/** How the rows came to be what they are, as far as figures depend on it. */
export type RowsKnown = {
  /** The digest that names the rows where it has a salt; otherwise it follows from them. */
  seed?: string;
  clustersFrom?: readonly ClusterSource[];
};

/**
 * Judges a version on the rows of one data set: overall, per slice and per class.
 *
 * A slice is *filled* at `level` when the exact one-sided binomial p-value against "true rate ≤ level",
 * Holm-adjusted over every slice given, is at most 0.025; it *fails* likewise against "true rate ≥ level";
 * otherwise there is not enough evidence. Rows of one cluster count as `clustered.ts` says. Pass every slice that was
 * examined, also those not to be shown: leaving some out makes the adjustment a lie. Throws a RangeError for a level
 * outside (0, 1) and for two slices of the same condition.
 */
export function summariseEvaluation(
  rows: readonly EvaluationRow[],
  slices: readonly SliceDefinition[],
  level: number,
  { seed, clustersFrom = ["cluster_column"] }: RowsKnown = {},
): EvaluationSummary {
  let seeded = seed ?? null;
  const tallies = tallyRows(rows, slices, () => (seeded ??= digestRows(rows, slices)));
  const facts = slices.map(({ condition, sellerName, discovered, knownBefore }, position) => ({
    id: conditionId(condition),
    name: conditionWords(condition),
    condition,
    sellerName: sellerName ?? null,
    discovered,
    knownBefore: knownBefore ?? false,
    ...(tallies.slices[position] ?? emptyTally()),
  }));
  const judged = judgeSlices(facts, level);
  return {
    version: 1,
    level,
    alpha: VERDICT_ALPHA,
    clusters: tallies.clusters === null ? null : { n: tallies.clusters, from: [...clustersFrom] },
    seed: tallies.overall.clustered ? seeded : null,
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
  return summary.slices.map((slice) => ({
    slice: slice.id,
    ...pick(slice, ["name", "sellerName", "condition", "n", "k", "lower", "upper", "intervalMethod"]),
    ...pick(slice, ["baseLabel", "baseN", "discovered", "verdict", "neededN"]),
    clusters: slice.clustered?.n ?? null,
    value: slice.value ?? 0,
    baseRate: slice.baseRate ?? 0,
  }));
}

/** What a slice's verdict follows from. */
export type SliceFacts = Pick<Tally, "n" | "k" | "clustered" | "baseRate">;

/** Verdicts of slices that were examined together, from their counts alone. */
export function judgeSlices<Facts extends SliceFacts>(
  slices: readonly Facts[],
  level: number,
): (Facts & SliceJudgement)[] {
  if (!(level > 0 && level < 1)) throw new RangeError("A level lies strictly between 0 and 1.");
  const filled = holmAdjust(slices.map((slice) => upperTail(slice, level)));
  const fails = holmAdjust(slices.map((slice) => lowerTail(slice, level)));
  const beats = holmAdjust(
    slices.map((slice) => (slice.baseRate === null ? 1 : upperTail(slice, slice.baseRate))),
  );
  return slices.map((slice, position) => {
    const pFilled = filled[position] ?? 1;
    const pFails = fails[position] ?? 1;
    const pBeatsBase = beats[position] ?? 1;
    const verdict: SliceVerdict =
      pFilled <= VERDICT_ALPHA ? "filled" : pFails <= VERDICT_ALPHA ? "fails" : "not_enough_evidence";
    return {
      ...slice,
      verdict,
      pFilled,
      pFails,
      pBeatsBase,
      beatsBaseRate: pBeatsBase <= VERDICT_ALPHA,
      neededN: verdict === "not_enough_evidence" ? neededOf(slice, level, slices.length) : null,
    };
  });
}

/** At the strictest step of the adjustment, so that it suffices whatever the other slices do. */
function neededOf({ k, n, clustered }: SliceFacts, level: number, examined: number): number | null {
  const alpha = VERDICT_ALPHA / examined;
  // Twice the median is what has to come below.
  return clustered
    ? neededRows(clustered.middle[0], clustered.n, level, alpha / 2)
    : neededRows(k, n, level, alpha);
}

function isNiche(slice: SliceJudgement): boolean {
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
    baseK: 0,
    baseN: 0,
    intervalMethod: "wilson_95",
    clustered: null,
  };
}
