import { isCorrect } from "./tally";
import type { EvaluationRow } from "./slice";

/**
 * Which rows repeat another one's id and are left out, so that each id counts once, as wrong if any of its answers is, and
 * repeating a row never raises a score. Null where ids repeat on rows with another label or in other columns: then they
 * name groups, and not rows.
 */
export function repeatsOf(
  rows: readonly EvaluationRow[],
  ids: readonly (string | undefined)[],
  columns: readonly string[],
): Set<number> | null {
  const kept = new Map<string, { at: number; row: EvaluationRow }>();
  const repeats = new Set<number>();
  for (const [at, row] of rows.entries()) {
    const id = ids[at];
    if (id === undefined) continue;
    const earlier = kept.get(id);
    if (earlier && !isSameRow(earlier.row, row, columns)) return null;
    const isWorse = earlier !== undefined && isCorrect(earlier.row) && !isCorrect(row);
    if (earlier) repeats.add(isWorse ? earlier.at : at);
    if (!earlier || isWorse) kept.set(id, { at, row });
  }
  return repeats;
}

function isSameRow(one: EvaluationRow, other: EvaluationRow, columns: readonly string[]): boolean {
  if (one.label !== other.label) return false;
  return columns.every((column) => one.columns?.get(column) === other.columns?.get(column));
}
