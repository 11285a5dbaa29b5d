import { type ListingTerms, leadingPart } from "@/lib/catalogue/listing";
import { type EvidenceGradeName, type Standing, evidenceGrades } from "@/lib/catalogue/standing";
import {
  type CostPrice,
  type CostVolume,
  DEFAULT_VOLUME,
  costPerThousandCorrect,
} from "@/lib/measurement/cost";
import { type EvaluationSummary, envelopeCells, redrawVerdicts } from "@/lib/measurement/evaluation";
import { type Run, type SharesRows, isReproduced } from "@/lib/measurement/reproduction";
import type { GradeFacts } from "@/lib/statements/evaluation-grade";

/** A signed evaluation of the very version that is listed. */
export type SignedEvaluation = Run & {
  role: GradeFacts["role"];
  /** By who its party is now: weaker than what was signed where it has been linked to the model since. */
  grade: EvidenceGradeName;
  summary: EvaluationSummary;
  finishedAt: Date;
  /** Measured here; null for a run made elsewhere. */
  msPer1000: number | null;
};

export type OfferedPart = Pick<
  ListingTerms["parts"][number],
  "part" | "pricing" | "priceMinor" | "termMonths" | "isOffered"
>;

const NOTHING_SHOWN: Standing = {
  evidenceGrade: "claimed",
  evidenceAt: null,
  envelope: [],
  evaluatedRows: 0,
  costPer1kCorrectMilli: null,
};

type Ranked = Pick<SignedEvaluation, "grade" | "finishedAt" | "summary" | "isBound" | "role">;

/**
 * The evaluation a listing is judged by: the strongest grade, then bound before word, then the most rows, then the newest. A
 * seller cannot put a kinder one in its place, because their own grade is the weakest. Somebody else's word that nothing ties to the
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
 * What the evidence says of a listing at the level it declares: grade, strip, rows and cost per 1,000 correct, all
 * from the leading evaluation. An endpoint, which may change at any time, is never more than `third_party`.
 */
export function standingOf(
  evaluations: readonly SignedEvaluation[],
  sharesRows: SharesRows,
  listing: { level: number | null; isEndpoint: boolean; parts: readonly OfferedPart[] },
  rateMinorPerHour: bigint,
): Standing {
  const leading = leadingEvaluation(evaluations);
  if (!leading) return NOTHING_SHOWN;
  const summary = listing.level === null ? leading.summary : redrawVerdicts(leading.summary, listing.level);
  return {
    evidenceGrade: atMostThirdParty(shownGrade(leading, evaluations, sharesRows), listing.isEndpoint),
    evidenceAt: leading.finishedAt,
    envelope: envelopeCells(summary),
    evaluatedRows: summary.overall.n,
    costPer1kCorrectMilli: costOf(summary, listing.parts, leading.msPer1000, rateMinorPerHour),
  };
}

function atMostThirdParty(grade: EvidenceGradeName, isEndpoint: boolean): EvidenceGradeName {
  const limit = evidenceGrades.indexOf("third_party");
  return isEndpoint && evidenceGrades.indexOf(grade) > limit ? "third_party" : grade;
}

/** Of the part whose price stands on the row, when it is one that answers: the weights or hosted access. */
function costOf(
  summary: EvaluationSummary,
  parts: readonly OfferedPart[],
  msPer1000: number | null,
  rateMinorPerHour: bigint,
): Standing["costPer1kCorrectMilli"] {
  const part = leadingPart(parts);
  if (!part || !summary.coverage || (part.part !== "weights" && part.part !== "hosted_access")) return null;
  const runsAtBuyers = part.part === "weights" && msPer1000 !== null;
  const compute = runsAtBuyers ? { millisecondsPerThousandCalls: msPer1000, rateMinorPerHour } : null;
  const cost = costPerThousandCorrect(priceOf(part), compute, summary.coverage, volumeOf(part));
  return cost && { value: cost.perThousandCorrectMilli, lower: cost.lowerMilli, upper: cost.upperMilli };
}

function priceOf({ pricing, priceMinor }: OfferedPart): CostPrice {
  return pricing === "free" ? { kind: "free" } : { kind: pricing, minor: priceMinor };
}

/** A licence shorter than the usual twelve months is spread over its own term. */
function volumeOf({ termMonths }: OfferedPart): CostVolume {
  return { ...DEFAULT_VOLUME, months: Math.min(DEFAULT_VOLUME.months, termMonths ?? DEFAULT_VOLUME.months) };
}
