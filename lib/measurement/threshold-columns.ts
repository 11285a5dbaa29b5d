import { CANONICAL_DECIMAL, type ConditionTest, MAX_CONDITION_TEXT } from "@/lib/catalogue/condition";
import { checkOf, comparedValue } from "./condition";
import { type leakFinder, leakReasons } from "./leak";
import type { ReadColumn } from "./slice-columns";

/** A number at which whoever brings the rows cuts a column of them. */
export type Threshold = { column: string } & ({ atLeast: string } | { below: string });

export const MAX_THRESHOLDS = 20;

/** "characters ≥ 80, words < 25" as thresholds; null for anything else, and for more than 20. */
export function readThresholds(text: string): Threshold[] | null {
  const parts = text.split(/[,\n]/).map((part) => part.trim());
  const read = parts.filter((part) => part !== "").map(readThreshold);
  return read.some((one) => one === null) || read.length > MAX_THRESHOLDS
    ? null
    : read.filter((one) => one !== null);
}

function readThreshold(text: string): Threshold | null {
  const found = /^(.+?)\s*(≥|>=|<)\s*([+-]?\d+(?:\.\d+)?)$/u.exec(text);
  const [, column = "", sign, number = ""] = found ?? [];
  const at = canonicalDecimal(number);
  if (!found || at === null || column.length > MAX_CONDITION_TEXT) return null;
  return sign === "<" ? { column, below: at } : { column, atLeast: at };
}

function canonicalDecimal(text: string): string | null {
  const plain = text.replace(/^\+/, "").replace(/^(-?)0+(?=\d)/, "$1");
  const short = plain.includes(".") ? plain.replace(/\.?0+$/, "") : plain;
  const at = short === "-0" ? "0" : short;
  return CANONICAL_DECIMAL.test(at) ? at : null;
}

/** A column that is cut at numbers, while it is read: a slice for each threshold, on the input. */
export class ThresholdColumn {
  private readonly values: string[] = [];
  private filled = 0;

  constructor(
    private readonly name: string,
    private readonly thresholds: readonly Threshold[],
  ) {}

  /** The value of a row; rows that are not named are blank. */
  set(row: number, value: string): void {
    this.values[row] = comparedValue(value);
    this.filled += 1;
  }

  read(rows: number, isOutput: boolean, leakIn: ReturnType<typeof leakFinder>): ReadColumn {
    const { name } = this;
    const report = { name, reason: null, slices: 0, blanks: rows - this.filled };
    const valueOf = (row: number) => this.values[row];
    const notUsed = (reason: string): ReadColumn => ({
      report: { ...report, use: "not_used", reason },
      slices: [],
      valueOf: () => undefined,
    });
    if (isOutput) return notUsed("Only a column about the input is cut at a number.");
    const slices = this.thresholds.map((threshold) => {
      const test: ConditionTest = { on: "input", ...threshold, column: name };
      return { condition: { all: [test] }, discovered: false };
    });
    for (const { condition } of slices) {
      const isMet = checkOf(condition);
      const columns = (row: number) => ({ get: () => valueOf(row) });
      const leak = leakIn((row) => String(isMet({ prediction: "", columns: columns(row) })));
      if (leak) return notUsed(leakReasons[leak]);
    }
    return { report: { ...report, use: "thresholds", slices: slices.length }, slices, valueOf };
  }
}
