import type { ColumnValues, EvaluationRow } from "./slice";
import type { ReadColumn } from "./slice-columns";

/** Values that many rows share are held once; beyond so many different ones each row has its own. */
const MAX_SHARED_VALUES = 20_000;

/**
 * Rows with the values of the columns that slices are made of. Sets that many rows may share are held once, and others
 * looked up again each time.
 */
export function withColumns(rows: readonly EvaluationRow[], columns: readonly ReadColumn[]): EvaluationRow[] {
  if (columns.length === 0) return [...rows];
  const byName = new Map(columns.map(({ report, valueOf }) => [report.name, valueOf]));
  const columnsOf = (row: number, isHeld: boolean): ColumnValues => {
    if (!isHeld) return { get: (name) => byName.get(name)?.(row) };
    const values = [...byName].map(([name, valueOf]) => [name, valueOf(row)] as const);
    return new Map(values.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  };
  const shared = new Map<string, ColumnValues>();
  return rows.map((row, index): EvaluationRow => {
    const key = columns.map(({ valueOf }) => valueOf(index) ?? "").join("\0");
    const held = shared.get(key) ?? columnsOf(index, shared.size < MAX_SHARED_VALUES);
    if (shared.size < MAX_SHARED_VALUES) shared.set(key, held);
    return { ...row, columns: held };
  });
}
