import type { leakFinder } from "./leak";
import type { ReadColumn } from "./slice-columns";
import { type Threshold, ThresholdColumn } from "./threshold-columns";

/** The columns that follow from the inputs of rows, as far as a cut or a condition of another run asks for them. */
export class ComputedColumns {
  private readonly columns = new Map<string, ThresholdColumn>();

  constructor(
    private readonly thresholds: readonly Threshold[],
    private readonly asked: ReadonlySet<string>,
  ) {}

  /** What follows from the input of a row. */
  take(row: number, values: ReadonlyMap<string, string>): void {
    for (const [name, value] of values) this.column(name)?.set(row, value);
  }

  /** Slices are made by the cuts alone; conditions of another run ask for values. */
  read(rows: number, leakIn: ReturnType<typeof leakFinder>): ReadColumn[] {
    return [...this.columns.values()].map((column) => column.read(rows, false, leakIn));
  }

  private column(name: string): ThresholdColumn | undefined {
    const known = this.columns.get(name);
    if (known) return known;
    const cuts = this.thresholds.filter(({ column }) => column.toLowerCase() === name);
    if (cuts.length === 0 && !this.asked.has(name)) return undefined;
    const column = new ThresholdColumn(name, cuts);
    this.columns.set(name, column);
    return column;
  }
}
