import { alignAnswers, isMissing } from "./answer-forms";
import { canonicalValue } from "./canonical-value";
import { type ClusterSource, ClusterUnion } from "./clusters";
import { ComputedColumns } from "./computed-columns";
import { ColumnRoles, isIdName } from "./column-roles";
import { FileProblems, type TableTaker } from "./evaluation-table";
import { inputColumnWords } from "./input-columns";
import { leakFinder } from "./leak";
import { NearCopies } from "./near-copies";
import type { RowInputs } from "./row-inputs";
import { repeatsOf } from "./repeated-ids";
import { withColumns } from "./row-columns";
import type { EvaluationRow, SliceDefinition } from "./slice";
import { type ColumnReport, type ReadColumn, SliceColumn } from "./slice-columns";
import { type Threshold, ThresholdColumn } from "./threshold-columns";

/** Columns that hold the input itself, in which near-copies are looked for. No slices are made of them. */
const TEXT_COLUMNS = new Set("text input prompt question sentence content body document".split(" "));

const ROWS_BETWEEN_TELLING = 20_000;
/** No place of a column: what the model reads of a row may lie in several. */
const INPUTS = -1;
/** pandas writes the numbers of its rows under no name, and reads them as this. */
const INDEX_NAME = /^(?:unnamed: ?0)?$/i;

export type ReadTable = {
  rows: EvaluationRow[];
  slices: SliceDefinition[];
  reports: ColumnReport[];
  clustersFrom: ClusterSource[];
  notices: string[];
  /** Columns that were computed from the inputs. */
  computed: string[];
};

/** Rows that are answered here: answers in the order of those that are taken, by the place of each among them. */
export type MeasuredRows = {
  /** Places in the file, from 0, of rows that are not taken. */
  leftOut: ReadonlySet<number>;
  /** What stands as the answer to a row with this label; nothing while there are none yet. */
  answerTo: (place: number, label: string) => { prediction: string; confidence?: number };
};

export type RowTableOptions = {
  /** Given where the file's own predictions, if it has any, do not count. */
  measured?: MeasuredRows | undefined;
  onRows?: (count: number) => void;
  thresholds?: readonly Threshold[];
  inputs?: RowInputs | undefined;
  /** Columns that conditions of another run ask for; those that follow from an input are computed. */
  asked?: ReadonlySet<string>;
};

/**
 * The rows of an evaluation file while it is read. Each different text is held once, and a slice column takes a byte a
 * row, so memory follows the number of rows and not what stands in columns that are not used.
 */
export class RowTable implements TableTaker {
  readonly problems = new FileProblems();
  readonly columns: string[] = [];
  private readonly roles = new ColumnRoles();
  private readonly sliceColumns: (SliceColumn | ThresholdColumn | null)[] = [];
  /** For each column that may hold the input itself. */
  private readonly copies: (NearCopies | null)[] = [];
  private readonly filledIn: number[] = [];
  private readonly rows: EvaluationRow[] = [];
  private readonly ids: (string | undefined)[] = [];
  private readonly union = new ClusterUnion();
  private readonly texts = new Map<string, string>();
  private readonly missing = new Set<string>();
  private readonly isOutput: ReadonlySet<string>;
  private readonly onRows: RowTableOptions["onRows"];
  private readonly thresholds: readonly Threshold[];
  private readonly inputs: RowInputs | undefined;
  private readonly measured: MeasuredRows | undefined;
  private readonly computed: ComputedColumns;
  /** Rows that were given, those left out among them. */
  private given = 0;

  constructor(
    outputColumns: readonly string[],
    { onRows, thresholds = [], inputs, measured, asked = new Set() }: RowTableOptions = {},
  ) {
    this.computed = new ComputedColumns(thresholds, asked);
    this.measured = measured;
    this.onRows = onRows;
    this.thresholds = thresholds;
    this.inputs = inputs;
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
    const problems = this.roles.problems();
    return this.measured ? problems.filter(({ column }) => column !== "prediction") : problems;
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
    if (this.measured?.leftOut.has(this.given++)) return;
    const row: EvaluationRow = { label: "", prediction: "" };
    const inputs = new Map<number, string>();
    let id: string | undefined;
    for (const [place, written] of values) {
      const value = written.trim();
      if (value === "") continue;
      const role = this.roles.roles[place];
      if (role !== "label" && isMissing(value, role === "confidence")) {
        this.missing.add(value);
        continue;
      }
      if (this.inputs?.has(place)) inputs.set(place, value);
      this.filledIn[place] = (this.filledIn[place] ?? 0) + 1;
      if (!role) this.setColumn(place, value);
      else if (role === "id") id = this.held(canonicalValue(value));
      else if (role === "cluster")
        this.union.name(this.rows.length, "cluster_column", place, canonicalValue(value));
      else if (this.measured && role !== "label") continue;
      else if (role === "confidence") this.takeConfidence(row, line, value);
      else row[role] = this.held(written);
    }
    if (this.measured) Object.assign(row, this.measured.answerTo(this.rows.length, row.label));
    this.takeInputs(line, inputs);
    this.requireLabel(row, line);
    this.rows.push(row);
    this.ids.push(id);
    if (this.rows.length % ROWS_BETWEEN_TELLING === 0) this.onRows?.(this.rows.length);
  }

  /**
   * Rows with the slices that their columns make, and with their clusters; each value spelled in one way, each id
   * counted once.
   */
  read(): ReadTable {
    for (const copies of this.copies) copies?.join();
    const aligned = alignAnswers(this.rows);
    const leakIn = leakFinder(aligned.rows);
    const columns = this.columns.map((_, place) => this.readColumn(place, leakIn));
    const computed = this.computed.read(this.count, leakIn);
    const used = [...columns.filter(({ slices }) => slices.length > 0), ...computed];
    const all = withColumns(aligned.rows, used);
    const reports = computed.map(({ report }) => report).filter(({ slices }) => slices > 0);
    const sliced = used.map(({ report }) => report.name);
    const repeats = repeatsOf(all, this.ids, sliced);
    if (repeats === null) this.joinIds();
    // Rows that are answered here are answered all, and counted once afterwards.
    else if (!this.measured) this.inputs?.leaveOut(repeats);
    const clustersFrom = this.union.from;
    const rows: EvaluationRow[] = [];
    for (const [index, row] of all.entries()) {
      if (repeats?.has(index)) continue;
      const cluster = clustersFrom.length === 0 ? {} : { cluster: String(this.union.rootOf(index) + 1) };
      rows.push({ ...row, ...cluster });
    }
    return {
      rows,
      slices: [...columns, ...computed].flatMap(({ slices }) => slices),
      reports: [...columns.map(({ report }) => report), ...reports],
      computed: computed.map(({ report }) => report.name),
      clustersFrom,
      notices: [...this.tableNotices(), ...aligned.notices, ...this.idNotices(repeats)],
    };
  }

  private takeInputs(line: number, inputs: ReadonlyMap<number, string>): void {
    const read = this.inputs?.row(inputs);
    if (read && "problem" in read) this.problems.add({ line, column: null, message: read.problem });
    // The same input twice is one row twice, whatever kind of input it is.
    else if (read) this.union.name(this.count, "near_copies", INPUTS, read.input);
    if (read && "columns" in read) this.computed.take(this.count, read.columns);
  }

  /** A column of such a name is not believed where it can be computed. */
  private isComputed(name: string): boolean {
    return this.inputs !== undefined && Object.hasOwn(inputColumnWords, name.toLowerCase());
  }

  private requireLabel({ label }: EvaluationRow, line: number): void {
    const said = label.trim();
    const message = said === "" ? "The label is empty." : `There is no label: it says "${said}".`;
    if (said === "" || isMissing(said)) this.problems.add({ line, column: "label", message });
  }

  private setColumn(place: number, value: string): void {
    const row = this.rows.length;
    if (isIdName(this.columns[place] ?? ""))
      this.union.name(row, "repeated_ids", place, canonicalValue(value));
    this.copies[place]?.add(row, value);
    this.sliceColumns[place]?.set(row, canonicalValue(value));
  }

  /** Rows of one id are of one group. */
  private joinIds(): void {
    const place = this.columns.length;
    for (const [row, id] of this.ids.entries())
      if (id !== undefined) this.union.name(row, "repeated_ids", place, id);
  }

  private idNotices(repeats: ReadonlySet<number> | null): string[] {
    const column = this.roles.nameOf("id") ?? "";
    if (repeats === null)
      return [
        `The column "${column}" has ids that stand on several different rows, so it names groups; every row was counted.`,
      ];
    if (repeats.size === 0) return [];
    return [
      `Rows that repeat an id of the column "${column}": ${repeats.size.toLocaleString("en")}. Each id counts once, as wrong if any of its predictions is.`,
    ];
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
    for (const [place, name] of this.columns.entries()) {
      if (place < from) continue;
      const isFree = this.roles.roles[place] === null && !this.isIndex(place);
      this.copies.push(isFree && TEXT_COLUMNS.has(name.toLowerCase()) ? new NearCopies(this.union) : null);
      if (isFree || (this.measured && this.roles.roles[place] !== "label")) this.inputs?.column(name, place);
      this.sliceColumns.push(
        isFree && !isIdName(name) && !this.isComputed(name) && !this.inputs?.isWhole(place)
          ? this.slicesBy(name)
          : null,
      );
    }
  }

  private slicesBy(name: string): SliceColumn | ThresholdColumn {
    const cuts = this.thresholds.filter((cut) => cut.column.toLowerCase() === name.toLowerCase());
    return cuts.length > 0 ? new ThresholdColumn(name, cuts) : new SliceColumn(name);
  }

  private takeConfidence(row: EvaluationRow, line: number, value: string): void {
    const share = readShare(value);
    if (share !== null) row.confidence = share;
    else {
      const message = `"${value.slice(0, 40)}" is not a confidence between 0 and 1.`;
      this.problems.add({ line, column: "confidence", message });
    }
  }

  private readColumn(place: number, leakIn: ReturnType<typeof leakFinder>): ReadColumn {
    const name = this.columns[place] ?? "";
    const column = this.sliceColumns[place];
    const isText = (this.copies[place]?.isText ?? false) || (this.inputs?.isWhole(place) ?? false);
    if (column && !isText) return column.read(this.count, this.isOutput.has(name.toLowerCase()), leakIn);
    const use = this.roles.roles[place] ?? (isText ? "text" : isIdName(name) ? "id" : "not_used");
    const why = this.isComputed(name) ? "It follows from the input." : "It holds the numbers of the rows.";
    const reason = use === "not_used" ? why : null;
    const blanks = this.count - (this.filledIn[place] ?? 0);
    const report: ColumnReport = { name: name || "without a name", use, reason, slices: 0, blanks };
    return { report, slices: [], valueOf: () => undefined };
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
