import type { DemoRow } from "../training/row-file";

export type LeakingColumn = { column: number; label: string; balancedAccuracy: number };

/**
 * The number columns that give a class away by themselves: one threshold on the column
 * finds the class and leaves the others with a balanced accuracy of `atLeast` or more.
 */
export function findLeakingColumns(rows: readonly DemoRow[], atLeast = 0.9): LeakingColumn[] {
  const values = rows.map(({ features }) => (features.kind === "numbers" ? features.values : []));
  const labels = [...new Set(rows.map(({ label }) => label))];
  const columns = values[0]?.map((_, column) => column) ?? [];
  return columns
    .flatMap((column) =>
      labels.map((label) =>
        strongestCut(
          rows,
          values.map((row) => row[column] ?? 0),
          column,
          label,
        ),
      ),
    )
    .filter(({ balancedAccuracy }) => balancedAccuracy >= atLeast);
}

function strongestCut(
  rows: readonly DemoRow[],
  values: number[],
  column: number,
  label: string,
): LeakingColumn {
  const order = values
    .map((value, index) => ({ value, isLabel: rows[index]?.label === label }))
    .sort((a, b) => a.value - b.value);
  const positives = order.filter(({ isLabel }) => isLabel).length;
  const negatives = order.length - positives;
  let below = { positives: 0, negatives: 0 };
  let best = 0;
  order.forEach(({ value, isLabel }, index) => {
    below = isLabel
      ? { ...below, positives: below.positives + 1 }
      : { ...below, negatives: below.negatives + 1 };
    if (order[index + 1]?.value === value) return; // a threshold lies between two values
    const score = (below.negatives / negatives + (positives - below.positives) / positives) / 2;
    best = Math.max(best, score, 1 - score);
  });
  return { column, label, balancedAccuracy: best };
}
