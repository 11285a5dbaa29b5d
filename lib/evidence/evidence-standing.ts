import { type LimitFigure, type Measures, linkOf } from "@/lib/catalogue/limitation-link";
import { type ListingTerms, leadingPart } from "@/lib/catalogue/listing";
import type { ListedCost, Standing } from "@/lib/catalogue/listed-standing";
import { type EnvelopeCell, type EvidenceGradeName, evidenceGrades } from "@/lib/catalogue/standing";
import {
  type ComputeCost,
  type Cost,
  type CostPrice,
  costPerThousandCorrect,
  paidEnvelopeOf,
  unknownCost,
} from "@/lib/measurement/cost";
import { type EvaluationSummary, envelopeCells, redrawVerdicts } from "@/lib/measurement/evaluation";
import { countOf } from "@/lib/measurement/limitation-figure";
import { type Run, type SharesRows, isReproduced } from "@/lib/measurement/reproduction";
import { type CostVolume, DEFAULT_VOLUME } from "@/lib/measurement/volume";
import type { GradeFacts } from "@/lib/statements/evaluation-grade";

/** A signed evaluation of the very version that is listed. */
export type SignedEvaluation = Run & {
  role: GradeFacts["role"];
  /** By who its party is now: weaker than what was signed where it has been linked to the model since. */
  grade: EvidenceGradeName;
  dataSetName: string;
  summary: EvaluationSummary;
  finishedAt: Date;
  /** Measured here; null for a run made elsewhere. */
  msPer1000: number | null;
};

export type OfferedPart = Pick<
  ListingTerms["parts"][number],
  "part" | "pricing" | "priceMinor" | "termMonths" | "isOffered"
>;

export type JudgedListing = {
  /** Null where the listing, having no niche, declares none: then that of the run itself. */
  level: number | null;
  isEndpoint: boolean;
  parts: readonly OfferedPart[];
};

export type CostTerms = { rateMinorPerHour: bigint; volume: CostVolume };

/** Everything that is shown of a listing's evidence, drawn from one run at one level: no page counts by itself. */
export type Judgement<E extends SignedEvaluation> = {
  leading: E;
  grade: EvidenceGradeName;
  /** Drawn at the level. */
  summary: EvaluationSummary;
  cells: EnvelopeCell[];
  /** Of the part whose price stands on the row. */
  cost: Cost;
};

type Ranked = Pick<SignedEvaluation, "grade" | "finishedAt" | "summary" | "isBound" | "role">;

/**
 * The evaluation a listing is judged by: the strongest grade, then bound before word, then somebody else's before the
 * seller's own, then the most rows, then the newest. A seller cannot put a kinder one in its place: their own grade is the
 * weakest, also beside a run of somebody whom they name as a contributor. Somebody else's word that nothing ties to the
 * files judges nothing: it is shown beside. Null when there is none.
 */
export function leadingEvaluation<E extends Ranked>(evaluations: readonly E[]): E | null {
  const rank = ({ grade }: E) => evidenceGrades.indexOf(grade);
  const judging = evaluations.filter(({ isBound, role }) => isBound || role === "seller");
  return (
    judging.sort(
      (a, b) =>
        rank(b) - rank(a) ||
        Number(b.isBound) - Number(a.isBound) ||
        Number(a.role === "seller") - Number(b.role === "seller") ||
        b.summary.overall.n - a.summary.overall.n ||
        b.finishedAt.getTime() - a.finishedAt.getTime(),
    )[0] ?? null
  );
}

/** The grade a reader sees for one run: its own, or "reproduced" once somebody unlinked found the same. */
export function shownGrade(
  run: SignedEvaluation,
  all: readonly SignedEvaluation[],
  sharesRows: SharesRows,
): EvidenceGradeName {
  const others = all.filter(({ id }) => id !== run.id);
  return isReproduced(run, others, sharesRows) ? "reproduced" : run.grade;
}

/**
 * The run that a listing is judged by, drawn at its level: strip, coverage, grade and cost; null when nobody signed
 * one. An endpoint, which may change at any time, is never more than `third_party`.
 */
export function judgementOf<E extends SignedEvaluation>(
  evaluations: readonly E[],
  sharesRows: SharesRows,
  { level, isEndpoint, parts }: JudgedListing,
  terms: CostTerms,
): Judgement<E> | null {
  const leading = leadingEvaluation(evaluations);
  if (!leading) return null;
  const summary = level === null ? leading.summary : redrawVerdicts(leading.summary, level);
  return {
    leading,
    grade: atMostThirdParty(shownGrade(leading, evaluations, sharesRows), isEndpoint),
    summary,
    cells: envelopeCells(summary),
    cost: costOf({ summary, msPer1000: leading.msPer1000 }, leadingPart(parts), terms),
  };
}

type Counted = Pick<Judgement<SignedEvaluation>, "summary" | "grade"> & {
  leading: Pick<SignedEvaluation, "id" | "dataSetName" | "finishedAt">;
};

/** The figure that a run has of exactly what a limitation names; null where it counted no row of it. */
export function figureOf(measures: Measures, { leading, summary, grade }: Counted): LimitFigure | null {
  const of = linkOf(measures);
  const counted = countOf(summary, of);
  if (!counted || counted.value === null) return null;
  const { value, ...rest } = counted;
  return {
    ...{ ...rest, of, value, grade },
    evaluationId: leading.id,
    dataSetName: leading.dataSetName,
    measuredAt: leading.finishedAt,
  };
}

/** The same as a listing keeps it: at the level it declares, at the default volume. */
export function standingOf(
  evaluations: readonly SignedEvaluation[],
  sharesRows: SharesRows,
  listing: JudgedListing,
  measurable: readonly { id: string; measures: Measures }[],
  rateMinorPerHour: bigint,
): Standing {
  const judgement = judgementOf(evaluations, sharesRows, listing, {
    rateMinorPerHour,
    volume: DEFAULT_VOLUME,
  });
  if (!judgement) return NOTHING_SHOWN;
  const { grade, leading, cells, summary, cost } = judgement;
  return {
    evidenceGrade: grade,
    evidenceAt: leading.finishedAt,
    envelope: cells,
    evaluatedRows: summary.overall.n,
    judgedLevel: summary.level,
    cost: listedCost(cost),
    figures: measurable.flatMap(({ id, measures }) => {
      const figure = figureOf(measures, judgement);
      return figure ? [{ limitationId: id, figure }] : [];
    }),
  };
}

/** What an answer of one part costs: the weights or hosted access. A part that gives no answers has no such cost. */
export function costOf(
  run: { summary: EvaluationSummary; msPer1000: number | null },
  part: OfferedPart | null,
  { rateMinorPerHour, volume }: CostTerms,
): Cost {
  if (!part || (part.part !== "weights" && part.part !== "hosted_access")) return unknownCost("no_answers");
  const envelope = paidEnvelopeOf(run.summary);
  if (!envelope) return unknownCost("coverage_unknown");
  return costPerThousandCorrect(
    priceOf(part),
    computeOf(part, run.msPer1000, rateMinorPerHour),
    envelope,
    volumeOf(part, volume),
  );
}

/** The figure alone, with its interval. */
export function listedCost(cost: Cost): ListedCost {
  if (cost.state === "unknown") return cost;
  const { perThousandCorrectMilli: value, lowerMilli: lower } = cost;
  return { state: "known", value, lower, upper: value };
}

function atMostThirdParty(grade: EvidenceGradeName, isEndpoint: boolean): EvidenceGradeName {
  const limit = evidenceGrades.indexOf("third_party");
  return isEndpoint && evidenceGrades.indexOf(grade) > limit ? "third_party" : grade;
}

/** Hosted access is run by whoever is paid for it; weights run at the buyer's, for a time that somebody has to measure. */
function computeOf({ part }: OfferedPart, msPer1000: number | null, rateMinorPerHour: bigint): ComputeCost {
  if (part === "hosted_access") return { kind: "in_price" };
  return msPer1000 === null
    ? { kind: "unknown" }
    : { kind: "measured", millisecondsPerThousandCalls: msPer1000, rateMinorPerHour };
}

function priceOf({ pricing, priceMinor }: OfferedPart): CostPrice {
  return pricing === "free" ? { kind: "free" } : { kind: pricing, minor: priceMinor };
}

/** A licence shorter than the time a buyer names is spread over its own term. */
function volumeOf({ termMonths }: OfferedPart, { callsPerMonth, months }: CostVolume): CostVolume {
  return { callsPerMonth, months: Math.min(months, termMonths ?? months) };
}

const NOTHING_SHOWN: Standing = {
  evidenceGrade: "claimed",
  evidenceAt: null,
  envelope: [],
  evaluatedRows: 0,
  judgedLevel: null,
  cost: { state: "unknown", reason: "no_evidence" },
  figures: [],
};
