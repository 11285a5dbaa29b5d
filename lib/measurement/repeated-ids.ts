import { isCorrect } from "./tally";
import type { EvaluationRow } from "./slice";

/**
 * Counts each id once, as wrong if any of its answers is, so that repeating a row never raises a score. Ids that repeat
 * on rows with another label or in other slices name groups, not rows: then every row counts, with a notice.
 */
export function countIdsOnce(
  rows: readonly EvaluationRow[],
  ids: readonly (string | undefined)[],
  column: string,
): { rows: EvaluationRow[]; notices: string[] } {
  const kept = new Map<string, EvaluationRow>();
  const repeats = new Set<EvaluationRow>();
  for (const [at, row] of rows.entries()) {
    const id = ids[at];
    const earlier = id === undefined ? undefined : kept.get(id);
    if (id === undefined) continue;
    if (!earlier) kept.set(id, row);
    else if (earlier.label !== row.label || earlier.slices.join(" ") !== row.slices.join(" ")) {
      const notice = `The column "${column}" has ids that stand on several different rows, so it names groups; every row was counted.`;
      return { rows: [...rows], notices: [notice] };
    } else if (isCorrect(earlier) && !isCorrect(row)) {
      repeats.add(earlier);
      kept.set(id, row);
    } else repeats.add(row);
  }
  if (repeats.size === 0) return { rows: [...rows], notices: [] };
  return {
    rows: rows.filter((row) => !repeats.has(row)),
    notices: [
      `Rows that repeat an id of the column "${column}": ${repeats.size.toLocaleString("en")}. Each id counts once, as wrong if any of its predictions is.`,
    ],
  };
}
