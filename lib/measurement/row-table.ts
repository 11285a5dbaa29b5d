import { FileProblems, type TableTaker } from "./evaluation-table";
import { ClusterUnion, type ClusterSource } from "./clusters";
import { leakFinder } from "./leak";
import { NearCopies } from "./near-copies";
import type { ColumnValues, EvaluationRow, SliceDefinition } from "./slice";
import { type ColumnReport, SliceColumn } from "./slice-columns";

const ROLES = ["label", "prediction", "confidence", "cluster"] as const;
type Role = (typeof ROLES)[number];

/** Columns that name what a row was made of: rows with the same value are not independent. No slices are made of them. */
const ID_COLUMNS = new Set(
  ["id", "doc_id", "document_id", "sample_id", "example_id", "question_id", "row_id"].flatMap((name) => [
    name,
    name.replace("_", ""),
    name.replace("_", "-"),
  ]),
);
/** Columns that hold the input itself, in which near-copies are looked for. No slices are made of them. */
const TEXT_COLUMNS = new Set([
  "text",
  "input",
  "prompt",
  "question",
  "sentence",
  "content",
  "body",
  "document",
]);

/** Values that many rows share are held once; beyond so many different ones each row has its own. */
const MAX_SHARED_VALUES = 20_000;
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
  private readonly isId: boolean[] = [];
  /** For each column that may hold the input itself. */
  private readonly copies: (NearCopies | null)[] = [];
  private readonly rows: EvaluationRow[] = [];
  private readonly union = new ClusterUnion();
  private readonly texts = new Map<string, string>();
  private readonly isOutput: ReadonlySet<string>;

  constructor(
    outputColumns: readonly string[],
    private readonly onRows?: (count: number) => void,
  ) {
    this.isOutput = new Set(outputColumns.map((name) => name.toLowerCase()));
  }

  get count(): number {
    return this.rows.length;
  }

  column(name: string): void {
    const role = ROLES.find((one) => one === name.toLowerCase()) ?? null;
    this.columns.push(name);
    this.roles.push(role);
    this.filledIn.push(0);
    const isId = ID_COLUMNS.has(name.toLowerCase());
    this.isId.push(isId);
    this.copies.push(TEXT_COLUMNS.has(name.toLowerCase()) ? new NearCopies(this.union) : null);
    this.sliceColumns.push(role === null && !isId ? new SliceColumn(name) : null);
  }

  row(line: number, values: Iterable<readonly [number, string]>): void {
    const row: EvaluationRow = { label: "", prediction: "" };
    for (const [place, value] of values) {
      if (value === "") continue;
      const role = this.roles[place];
      this.filledIn[place] = (this.filledIn[place] ?? 0) + 1;
      if (!role) this.setColumn(place, value);
      else if (role === "cluster") this.union.name(this.rows.length, "cluster_column", place, value);
      else if (role !== "confidence") row[role] = this.held(value);
      else {
        const share = readShare(value);
        if (share !== null) row.confidence = share;
        else {
          const message = `"${value.slice(0, 40)}" is not a confidence between 0 and 1.`;
          this.problems.add({ line, column: "confidence", message });
        }
      }
    }
    if (row.label === "") this.problems.add({ line, column: "label", message: "The label is empty." });
    this.rows.push(row);
    if (this.rows.length % ROWS_BETWEEN_TELLING === 0) this.onRows?.(this.rows.length);
  }

  /** Rows with the slices that their columns make, and with their clusters. */
  read(): {
    rows: EvaluationRow[];
    slices: SliceDefinition[];
    reports: ColumnReport[];
    clustersFrom: ClusterSource[];
  } {
    for (const copies of this.copies) copies?.join();
    const leakIn = leakFinder(this.rows);
    const columns = this.sliceColumns.map((column, place) => {
      const name = this.columns[place] ?? "";
      return column && !this.copies[place]?.isText
        ? column.read(this.count, this.isOutput.has(name.toLowerCase()), leakIn)
        : this.roleReport(place);
    });
    const slicing = columns.filter(({ slices }) => slices.length > 0);
    const byName = new Map(slicing.map(({ report, valueOf }) => [report.name, valueOf]));
    /** Held where many rows may share them, and otherwise looked up again each time. */
    const columnsOf = (row: number, isHeld: boolean): ColumnValues => {
      if (!isHeld) return { get: (name) => byName.get(name)?.(row) };
      const values = [...byName].map(([name, valueOf]) => [name, valueOf(row)] as const);
      return new Map(values.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
    };
    const shared = new Map<string, ColumnValues>();
    const clustersFrom = this.union.from;
    const rows = this.rows.map((row, index): EvaluationRow => {
      const key = slicing.map(({ valueOf }) => valueOf(index) ?? "").join("\0");
      const held = shared.get(key) ?? columnsOf(index, shared.size < MAX_SHARED_VALUES);
      if (shared.size < MAX_SHARED_VALUES) shared.set(key, held);
      const cluster = clustersFrom.length === 0 ? {} : { cluster: String(this.union.rootOf(index) + 1) };
      return { ...row, ...(slicing.length === 0 ? {} : { columns: held }), ...cluster };
    });
    return {
      rows,
      slices: columns.flatMap(({ slices }) => slices),
      reports: columns.map(({ report }) => report),
      clustersFrom,
    };
  }

  private setColumn(place: number, value: string): void {
    const row = this.rows.length;
    if (this.isId[place]) this.union.name(row, "repeated_ids", place, value);
    this.copies[place]?.add(row, value);
    this.sliceColumns[place]?.set(row, value);
  }

  private roleReport(place: number) {
    const blanks = this.count - (this.filledIn[place] ?? 0);
    const use = this.roles[place] ?? (this.isId[place] ? "id" : "text");
    const report: ColumnReport = { name: this.columns[place] ?? "", use, reason: null, slices: 0, blanks };
    return { report, slices: [], valueOf: () => undefined };
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
