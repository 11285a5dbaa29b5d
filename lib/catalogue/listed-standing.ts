import type { LimitFigure } from "./limitation-link";
import type { EnvelopeCell, EvidenceGradeName } from "./standing";

/** Why a cost is not known. */
export const costUnknownTexts = {
  no_evidence: "nobody has signed a run",
  no_answers: "what is priced first gives no answers",
  nothing_reached: "no slice is shown to reach the level",
  compute_not_measured: "nobody measured how long it takes",
  coverage_unknown: "what its slices cover cannot be counted at this level",
} as const;
export type CostUnknownReason = keyof typeof costUnknownTexts;
export const costUnknownReasons = Object.keys(costUnknownTexts) as CostUnknownReason[];

export type CostUnknown = { state: "unknown"; reason: CostUnknownReason };

/** Cost per 1,000 correct in thousandths of a minor unit, at the dear end, with its interval; or why it is not known. */
export type ListedCost = { state: "known"; value: bigint; lower: bigint; upper: bigint } | CostUnknown;

/** A cost as its columns hold it. */
export function readCost(row: {
  costPer1kCorrectMilli: bigint | null;
  costPer1kCorrectLowerMilli: bigint | null;
  costPer1kCorrectUpperMilli: bigint | null;
  costUnknownBecause: string | null;
}): ListedCost {
  const { costPer1kCorrectMilli: value, costPer1kCorrectLowerMilli, costPer1kCorrectUpperMilli } = row;
  if (value === null) {
    const reason = costUnknownReasons.find((name) => name === row.costUnknownBecause);
    return { state: "unknown", reason: reason ?? "no_evidence" };
  }
  const [lower, upper] = [costPer1kCorrectLowerMilli ?? value, costPer1kCorrectUpperMilli ?? value];
  return { state: "known", value, lower, upper };
}

/** What right-hand domains write on a listing, through `setStanding`. */
export type Standing = {
  evidenceGrade: EvidenceGradeName;
  evidenceAt: Date | null;
  envelope: EnvelopeCell[];
  evaluatedRows: number;
  /** The level that the envelope is drawn at; null while there is none. */
  judgedLevel: number | null;
  /** At the default volume. */
  cost: ListedCost;
  /** Of the limitations that name what the leading run counted; every other one has none. */
  figures: { limitationId: string; figure: LimitFigure }[];
};
