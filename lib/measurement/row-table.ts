import { alignAnswers, isMissing } from "./answer-forms";
import { canonicalValue } from "./canonical-value";
import { ColumnRoles } from "./column-roles";
import { FileProblems, type TableTaker } from "./evaluation-table";
import { countIdsOnce } from "./repeated-ids";
import type { EvaluationRow, SliceDefinition } from "./slice";
import { type ColumnReport, type ReadColumn, SliceColumn } from "./slice-columns";

/** Lists of slices that many rows share are held once; beyond so many different ones each row has its own. */
const MAX_SHARED_LISTS = 20_000;
const ROWS_BETWEEN_TELLING = 20_000;
/** pandas writes the numbers of its rows under no name, and reads them as this. */
const INDEX_NAME = /^(?:unnamed: ?0)?$/i;

type TableRow = Omit<EvaluationRow, "slices">;

/**
 * The rows of an evaluation file while it is read. Each different text is held once, and a slice column takes a byte a
 * row, so memory follows the number of rows and not what stands in columns that are not used.
 */
export class RowTable implements TableTaker {
  readonly problems = new FileProblems();
  readonly columns: string[] = [];
  private readonly roles = new ColumnRoles();
  private readonly sliceColumns: (SliceColumn | null)[] = [];
  private readonly filledIn: number[] = [];
  private readonly rows: TableRow[] = [];
  private readonly ids: (string | undefined)[] = [];
  private readonly texts = new Map<string, string>();
  private readonly missing = new Set<string>();
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
    this.columns.push(name);
    this.filledIn.push(0);
  }

  /** Which answer no column holds for certain. */
  roleProblems(): ReturnType<ColumnRoles["problems"]> {
    this.settleColumns();
    return this.roles.problems();
  }

  /** Whether a column is the index of a table, which says nothing of its rows. */
  isIndex(place: number): boolean {
    return place === 0 && INDEX_NAME.test(this.columns[0] ?? "-");
  }

  isBlank(place: number): boolean {
    return this.filledIn[place] === 0;
  }

  row(line: number, values: Iterable<readonly [number, string]>): void {
    this.settleColumns();
    const row: TableRow = { label: "", prediction: "" };
    let id: string | undefined;
    for (const [place, written] of values) {
      const value = written.trim();
      if (value === "") continue;
      const role = this.roles.roles[place];
      if (role !== "label" && isMissing(value, role === "confidence")) {
        this.missing.add(value);
        continue;
      }
      this.filledIn[place] = (this.filledIn[place] ?? 0) + 1;
      if (!role) this.sliceColumns[place]?.set(this.rows.length, canonicalValue(value));
      else if (role === "id") id = this.held(canonicalValue(value));
      else if (role === "cluster") row.cluster = this.held(canonicalValue(value));
      else if (role === "confidence") this.takeConfidence(row, line, value);
      else row[role] = this.held(written);
    }
    if (row.label === "") this.problems.add({ line, column: "label", message: "The label is empty." });
    else if (isMissing(row.label.trim()))
      this.problems.add({
        line,
        column: "label",
        message: `There is no label: it says "${row.label.trim()}".`,
      });
    this.rows.push(row);
    this.ids.push(id);
    if (this.rows.length % ROWS_BETWEEN_TELLING === 0) this.onRows?.(this.rows.length);
  }

  /** Rows with the slices that their columns make, each value spelled in one way and each id counted once. */
  read(): { rows: EvaluationRow[]; slices: SliceDefinition[]; reports: ColumnReport[]; notices: string[] } {
    const columns = this.columns.map((_, place) => this.readColumn(place));
    const slicing = columns.filter(({ slices }) => slices.length > 0);
    const lists = new Map<string, readonly string[]>();
    const aligned = alignAnswers(this.rows);
    const rows = aligned.rows.map((row, index): EvaluationRow => {
      const slices = slicing.flatMap(({ sliceOf }) => sliceOf(index) ?? []);
      const key = slices.join(" ");
      const shared = lists.get(key) ?? slices;
      if (lists.size < MAX_SHARED_LISTS) lists.set(key, shared);
      return { ...row, slices: shared };
    });
    const once = countIdsOnce(rows, this.ids, this.roles.nameOf("id") ?? "");
    return {
      rows: once.rows,
      slices: columns.flatMap(({ slices }) => slices),
      reports: columns.map(({ report }) => report),
      notices: [...this.tableNotices(), ...aligned.notices, ...once.notices],
    };
  }

  private tableNotices(): string[] {
    const words = [...this.missing].sort().map((word) => `"${word}"`);
    return [
      ...this.roles.notices(),
      ...(this.isIndex(0) && !this.isBlank(0)
        ? ["The first column has no name, like the row numbers that pandas writes, and was left out."]
        : []),
      ...(words.length > 0 ? [`Read as no value: ${words.join(", ")}.`] : []),
    ];
  }

  /** Roles are given once a row comes, when all columns that stand together are known. */
  private settleColumns(): void {
    const from = this.roles.roles.length;
    if (from === this.columns.length) return;
    this.roles.add(this.columns.slice(from));
    for (let place = from; place < this.columns.length; place++) {
      const isSlice = this.roles.roles[place] === null && !this.isIndex(place);
      this.sliceColumns.push(isSlice ? new SliceColumn(this.columns[place] ?? "") : null);
    }
  }

  private takeConfidence(row: TableRow, line: number, value: string): void {
    const share = readShare(value);
    if (share !== null) row.confidence = share;
    else {
      const message = `"${value.slice(0, 40)}" is not a confidence between 0 and 1.`;
      this.problems.add({ line, column: "confidence", message });
    }
  }

  private readColumn(place: number): ReadColumn {
    const name = this.columns[place] ?? "";
    const column = this.sliceColumns[place];
    if (column) return column.read(this.count, this.isOutput.has(name.toLowerCase()));
    const use = this.roles.roles[place] ?? "not_used";
    const reason = use === "not_used" ? "It holds the numbers of the rows." : null;
    const blanks = this.count - (this.filledIn[place] ?? 0);
    return { report: { name, use, reason, slices: 0, blanks }, slices: [], sliceOf: () => undefined };
  }

  private held(value: string): string {
    const known = this.texts.get(value);
    if (known !== undefined) return known;
    this.texts.set(value, value);
    return value;
  }
}

/** A share from 0 to 1, with a point or a comma. */
function readShare(text: string): number | null {
  if (!/^[+]?(\d+[.,]?\d*|[.,]\d+)(e[+-]?\d+)?$/i.test(text)) return null;
  const number = Number(text.replace(",", "."));
  return number >= 0 && number <= 1 ? number : null;
}
