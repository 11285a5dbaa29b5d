import type { EvaluationSummary, SliceSummary } from "./evaluation";
import { fisherTwoSided, holmAdjust } from "./statistics";

/** Two runs are told apart where the exact two-sample test says so at this error. */
const APART_ALPHA = 0.05;

/** One signed run, as far as others can confirm or contradict it. */
export type Run = {
  id: string;
  /** Null for the platform. */
  evaluatorId: string | null;
  /** Its answers are tied to the files. */
  isBound: boolean;
  /** Its party is independent of whoever made or sells the model. */
  isIndependent: boolean;
  /** Its slices were not chosen on these rows as a whole. */
  isAttestation: boolean;
  rowsDigest: string;
  /** At the level the listing is judged at. */
  summary: Pick<EvaluationSummary, "slices">;
};

/** Whether two runs, by their ids, have an input in common; true also where that cannot be told. */
export type SharesRows = (one: string, other: string) => boolean;

type ComparedSlice = Pick<SliceSummary, "id" | "name" | "k" | "n" | "verdict" | "discovered">;
type Pair = { one: ComparedSlice; other: ComparedSlice };

/**
 * Two runs agree when some slice of the same condition is filled in both, so that each has the rows that decide it, and
 * was not chosen by looking in both; and Fisher's exact test (two-sided, 0.05) tells them apart in no slice that both examined and either fills.
 */
export function runsAgree(one: Run["summary"], other: Run["summary"]): boolean {
  const pairs = pairsOf(one, other).filter((pair) => isFilled(pair.one) || isFilled(pair.other));
  return (
    pairs.some(
      ({ one, other }) => isFilled(one) && isFilled(other) && !(one.discovered && other.discovered),
    ) && pairs.every((pair) => differenceOf(pair) > APART_ALPHA)
  );
}

/**
 * True when an unlinked party's run on rows of another origin agrees with this one. Both must be bound to the files, on
 * rows that chose no slices, and by parties that are independent of the model, and no row may be in both.
 */
export function isReproduced(run: Run, others: readonly Run[], sharesRows: SharesRows): boolean {
  return others.some(
    (other) =>
      mayConfirm(run, other) && runsAgree(run.summary, other.summary) && !sharesRows(run.id, other.id),
  );
}

/** Whether two runs could confirm each other at all, whatever they found. */
export function mayConfirm(run: Run, other: Run): boolean {
  return (
    [run, other].every((each) => each.isBound && each.isIndependent && each.isAttestation) &&
    run.evaluatorId !== other.evaluatorId &&
    run.rowsDigest !== other.rowsDigest
  );
}

/**
 * The slices in which two runs contradict each other: Fisher's exact test, two-sided and Holm-adjusted over the slices
 * both examined, tells them apart at 0.05. The adjustment keeps one slice in many from differing by chance.
 */
export function contradictions(one: Run["summary"], other: Run["summary"]): Pair[] {
  const pairs = pairsOf(one, other);
  const adjusted = holmAdjust(pairs.map(differenceOf));
  return pairs.filter((_, at) => (adjusted[at] ?? 1) <= APART_ALPHA);
}

function pairsOf(one: Run["summary"], other: Run["summary"]): Pair[] {
  const others = new Map(other.slices.map((slice) => [slice.id, slice]));
  return one.slices.flatMap((slice): Pair[] => {
    const there = others.get(slice.id);
    return there && slice.n > 0 && there.n > 0 ? [{ one: slice, other: there }] : [];
  });
}

function differenceOf({ one, other }: Pair): number {
  return fisherTwoSided(one, other);
}

const isFilled = ({ verdict }: ComparedSlice) => verdict === "filled";
