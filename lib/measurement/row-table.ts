import { FileProblems, type TableTaker } from "./evaluation-table";
import type { RowInputs } from "./row-inputs";
import type { EvaluationRow, SliceDefinition } from "./slice";
import { type ColumnReport, SliceColumn } from "./slice-columns";

const ROLES = ["label", "prediction", "confidence", "cluster"] as const;
type Role = (typeof ROLES)[number];

/** Lists of slices that many rows share are held once; beyond so many different ones each row has its own. */
const MAX_SHARED_LISTS = 20_000;
const ROWS_BETWEEN_TELLING = 20_000;

/**
 * The rows of an evaluation file while it is read. Each different text is held once, and a slice column takes a byte a
 * row, so memory follows the number of rows and not what stands in columns that are not used.
 */
export class RowTable implements TableTaker {
  readonly problems = new FileProblems();
  readonly columns: string[] = [];
  private readonly roles: (Role | null)[] = [];
  private readonly sliceColumns: (SliceColumn | null)[] = [];
  private readonly filledIn: number[] = [];
  private readonly rows: Omit<EvaluationRow, "slices">[] = [];
  private readonly texts = new Map<string, string>();
  private readonly isOutput: ReadonlySet<string>;

  constructor(
    outputColumns: readonly string[],
    private readonly onRows?: (count: number) => void,
    private readonly inputs?: RowInputs,
  ) {
    this.isOutput = new Set(outputColumns.map((name) => name.toLowerCase()));
  }

  get count(): number {
    return this.rows.length;
  }

  column(name: string): void {
    const role = ROLES.find((one) => one === name.toLowerCase()) ?? null;
    if (role === null) this.inputs?.column(name, this.columns.length);
    this.columns.push(name);
    this.roles.push(role);
    this.filledIn.push(0);
    this.sliceColumns.push(role === null ? new SliceColumn(name) : null);
  }

  row(line: number, values: Iterable<readonly [number, string]>): void {
    const row: Omit<EvaluationRow, "slices"> = { label: "", prediction: "" };
    const inputs = new Map<number, string>();
    for (const [place, value] of values) {
      if (value === "") continue;
      if (this.inputs?.has(place)) inputs.set(place, value);
      const role = this.roles[place];
      if (!role) {
        this.sliceColumns[place]?.set(this.rows.length, value);
        continue;
      }
      this.filledIn[place] = (this.filledIn[place] ?? 0) + 1;
      if (role !== "confidence") row[role] = this.held(value);
      else {
        const share = readShare(value);
        if (share !== null) row.confidence = share;
        else {
          const message = `"${value.slice(0, 40)}" is not a confidence between 0 and 1.`;
          this.problems.add({ line, column: "confidence", message });
        }
      }
    }
    const broken = this.inputs?.row(inputs);
    if (broken) this.problems.add({ line, column: null, message: broken });
    if (row.label === "") this.problems.add({ line, column: "label", message: "The label is empty." });
    this.rows.push(row);
    if (this.rows.length % ROWS_BETWEEN_TELLING === 0) this.onRows?.(this.rows.length);
  }

  /** Rows with the slices that their columns make. */
  read(): { rows: EvaluationRow[]; slices: SliceDefinition[]; reports: ColumnReport[] } {
    const columns = this.sliceColumns.map((column, place) => {
      const name = this.columns[place] ?? "";
      return column?.read(this.count, this.isOutput.has(name.toLowerCase())) ?? this.roleReport(place);
    });
    const slicing = columns.filter(({ slices }) => slices.length > 0);
    const lists = new Map<string, readonly string[]>();
    const rows = this.rows.map((row, index): EvaluationRow => {
      const slices = slicing.flatMap(({ sliceOf }) => sliceOf(index) ?? []);
      const key = slices.join(" ");
      const shared = lists.get(key) ?? slices;
      if (lists.size < MAX_SHARED_LISTS) lists.set(key, shared);
      return { ...row, slices: shared };
    });
    return {
      rows,
      slices: columns.flatMap(({ slices }) => slices),
      reports: columns.map(({ report }) => report),
    };
  }

  private roleReport(place: number) {
    const blanks = this.count - (this.filledIn[place] ?? 0);
    const use = this.roles[place] ?? "not_used";
    const report: ColumnReport = { name: this.columns[place] ?? "", use, reason: null, slices: 0, blanks };
    return { report, slices: [], sliceOf: () => undefined };
  }

  private held(value: string): string {
    const known = this.texts.get(value);
    if (known !== undefined) return known;
    this.texts.set(value, value);
    return value;
  }
}

function readShare(text: string): number | null {
  if (!/^[+]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return null;
  const number = Number(text);
  return number >= 0 && number <= 1 ? number : null;
}
