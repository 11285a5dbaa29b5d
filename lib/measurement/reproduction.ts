import type { EvaluationSummary } from "./evaluation";
import type { Interval } from "./statistics";

/** Fewer rows than this confirm nothing, however well they agree. */
export const MIN_ROWS_TO_REPRODUCE = 30;

/** One signed run, as far as agreement is concerned. `evaluatorId` is null for the platform. */
export type Run = {
  evaluatorId: string | null;
  /** Whether the seller supplied the rows. */
  isSellers: boolean;
  summary: EvaluationSummary;
};

/**
 * Two runs agree when their intervals overlap overall and in every slice that either shows to be reached, at least
 * one slice is shown to be reached by one run and examined by both, and each run has 30 rows or more. A slice that
 * only one of them examined decides nothing in favour, and prevents agreement where it is the one reached.
 */
export function runsAgree(one: EvaluationSummary, other: EvaluationSummary): boolean {
  if (Math.min(one.overall.n, other.overall.n) < MIN_ROWS_TO_REPRODUCE) return false;
  if (!overlap(one.overall, other.overall)) return false;
  const reached = new Set(
    [...one.slices, ...other.slices].filter(({ verdict }) => verdict === "filled").map(({ id }) => id),
  );
  return (
    reached.size > 0 &&
    [...reached].every((id) => {
      const here = one.slices.find((slice) => slice.id === id);
      const there = other.slices.find((slice) => slice.id === id);
      return here && there && here.n > 0 && there.n > 0 && overlap(here, there);
    })
  );
}

/** True when some run agrees with this one that somebody else made. A seller's own run neither confirms nor is confirmed. */
export function isReproduced(run: Run, others: readonly Run[]): boolean {
  return (
    !run.isSellers &&
    others.some(
      (other) =>
        !other.isSellers && other.evaluatorId !== run.evaluatorId && runsAgree(run.summary, other.summary),
    )
  );
}

function overlap(a: Interval, b: Interval): boolean {
  return a.lower <= b.upper && b.lower <= a.upper;
}
