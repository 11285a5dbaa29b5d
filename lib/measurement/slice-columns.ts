import { MAX_CONDITION_TEXT } from "@/lib/catalogue/condition";
import { type SliceDefinition, columnSlice } from "./slice";
import { comparedValue } from "./condition";
import { type leakFinder, leakReasons } from "./leak";

export const MAX_CATEGORIES = 20;
export const MAX_SLICES = 500;

/** What became of one column of an evaluation file. */
export type ColumnReport = {
  name: string;
  use:
    | "label"
    | "prediction"
    | "confidence"
    | "cluster"
    | "id"
    | "text"
    | "flag"
    | "categories"
    | "thresholds"
    | "not_used";
  /** Why it is not used; null otherwise. */
  reason: string | null;
  slices: number;
  /** Rows without a value in this column: they belong to none of its slices. */
  blanks: number;
};

/** A column that was read: what it is used for and the slices it makes. */
export type ReadColumn = {
  report: ColumnReport;
  slices: SliceDefinition[];
  /** The canonical value that a row has in this column, where slices are made of it. */
  valueOf(row: number): string | undefined;
};

const FLAG_VALUES = new Map([
  ["true", true],
  ["1", true],
  ["false", false],
  ["0", false],
]);

/**
 * A column that has no other role, while it is read: true/false/1/0 gives one
 * slice named by the column, at most 20 different words give one slice each. Numbers and longer lists are reported as
 * not used. Takes a byte for each row, whatever stands in it.
 */
export class SliceColumn {
  private filled = 0;
  private areFlags = true;
  private areNumbers = true;
  /** Values that differ in capitals only are one category, named as it first appears. */
  private readonly categories = new Map<string, { shown: string; code: number }>();
  private isLong = false;
  private codes = new Uint8Array(1024);

  constructor(private readonly name: string) {}

  /** The value of a row; rows that are not named are blank. */
  set(row: number, value: string): void {
    if (value === "") return;
    this.filled += 1;
    this.areNumbers &&= Number.isFinite(Number(value));
    if (this.categories.size > MAX_CATEGORIES) return;
    this.isLong ||= value.length > MAX_CONDITION_TEXT;
    const key = comparedValue(value);
    this.areFlags &&= FLAG_VALUES.has(key);
    const category = this.categories.get(key) ?? { shown: value, code: this.categories.size + 1 };
    this.categories.set(key, category);
    if (row >= this.codes.length) {
      const longer = new Uint8Array(Math.max(row + 1, this.codes.length * 2));
      longer.set(this.codes);
      this.codes = longer;
    }
    this.codes[row] = category.code;
  }

  /** What became of the column, given how many rows there are and what leaks among them; `isOutput`: its value depends on what the model answered. */
  read(rows: number, isOutput: boolean, leakIn: ReturnType<typeof leakFinder>): ReadColumn {
    const { name } = this;
    const report = { name, reason: null, slices: 0, blanks: rows - this.filled };
    const notUsed = (reason: string): ReadColumn => ({
      report: { ...report, use: "not_used", reason },
      slices: [],
      valueOf: () => undefined,
    });
    if (this.filled === 0) return notUsed("It has no values.");
    const isFlag = this.areFlags && this.categories.size <= MAX_CATEGORIES;
    if (!isFlag && this.areNumbers)
      return notUsed(
        "It holds numbers; name a number to cut it at, or write ranges as words, to make slices of it.",
      );
    if (this.categories.size > MAX_CATEGORIES)
      return notUsed(`It has more than ${MAX_CATEGORIES} different values.`);
    if (this.isLong || name.length > MAX_CONDITION_TEXT)
      return notUsed(`A condition names at most ${MAX_CONDITION_TEXT} characters.`);
    const values = [undefined, ...[...this.categories.keys()].map((key) => (isFlag ? flagText(key) : key))];
    const valueOf = (row: number) => values[this.codes[row] ?? 0];
    const leak = leakIn(valueOf);
    if (leak) return notUsed(leakReasons[leak]);
    const on = isOutput ? "output_column" : "input";
    const slices = isFlag
      ? [columnSlice(name, "true", on)]
      : [...this.categories.values()].map(({ shown }) => columnSlice(name, shown, on));
    return {
      report: { ...report, use: isFlag ? "flag" : "categories", slices: slices.length },
      slices,
      valueOf,
    };
  }
}

function flagText(key: string): string {
  return String(FLAG_VALUES.get(key) ?? false);
}
