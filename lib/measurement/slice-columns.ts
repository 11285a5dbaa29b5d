import { type EvaluationTable, type FileProblem, wholeFile } from "./evaluation-table";
import type { SliceDefinition } from "./slice";

export const MAX_CATEGORIES = 20;
export const MAX_SLICES = 500;

/** What became of one column of an evaluation file. */
export type ColumnReport = {
  name: string;
  use: "label" | "prediction" | "confidence" | "cluster" | "flag" | "categories" | "not_used";
  /** Why it is not used; null otherwise. */
  reason: string | null;
  slices: number;
  /** Rows without a value in this column: they belong to none of its slices. */
  blanks: number;
};

export type SliceColumns = {
  slices: SliceDefinition[];
  reports: ColumnReport[];
  problem: FileProblem | null;
  /** Ids of the slices a record belongs to. */
  slicesOf(values: readonly string[]): string[];
};

type ReadColumn = { report: ColumnReport; slices: SliceDefinition[]; idOf: ReadonlyMap<string, string> };

const NO_SLICES: ReadonlyMap<string, string> = new Map();
const FLAG_VALUES = new Map([
  ["true", true],
  ["1", true],
  ["false", false],
  ["0", false],
]);

/**
 * Turns every column that is not `label`, `prediction`, `confidence` or `cluster` into slices: true/false/1/0
 * gives one slice named by the column, at most 20 different words give one slice each. Numbers and longer lists
 * are reported as not used.
 */
export function readSliceColumns(table: EvaluationTable, outputColumns: readonly string[]): SliceColumns {
  const isOutput = new Set(outputColumns.map((name) => name.toLowerCase()));
  const columns = table.columns.map((name, position) =>
    readColumn(
      name,
      table.records.map(({ values }) => values[position] ?? ""),
      isOutput.has(name.toLowerCase()),
    ),
  );
  const slices = columns.flatMap((column) => column.slices);
  const problem =
    slices.length > MAX_SLICES
      ? wholeFile(`The columns make ${slices.length} slices; at most ${MAX_SLICES} can be judged together.`)
      : null;
  return {
    slices,
    reports: columns.map(({ report }) => report),
    problem,
    slicesOf: (values) =>
      columns.flatMap(({ idOf }, position) => idOf.get((values[position] ?? "").toLowerCase()) ?? []),
  };
}

function readColumn(name: string, values: readonly string[], isOutput: boolean): ReadColumn {
  const key = name.toLowerCase();
  const filled = values.filter((value) => value !== "");
  const report = { name, reason: null, slices: 0, blanks: values.length - filled.length };
  if (key === "label" || key === "prediction" || key === "confidence" || key === "cluster") {
    return { report: { ...report, use: key }, slices: [], idOf: NO_SLICES };
  }
  const notUsed = (reason: string): ReadColumn => ({
    report: { ...report, use: "not_used", reason },
    slices: [],
    idOf: NO_SLICES,
  });
  const define = (id: string, label: string): SliceDefinition => ({
    id,
    name: label,
    baseRows: isOutput ? "all_rows" : "members",
    discovered: false,
  });
  if (filled.length === 0) return notUsed("It has no values.");
  if (filled.every((value) => FLAG_VALUES.has(value.toLowerCase()))) {
    const slice = define(encodeURIComponent(name), name);
    const idOf = new Map(
      [...FLAG_VALUES].flatMap(([value, isMember]) => (isMember ? [[value, slice.id]] : [])),
    );
    return { report: { ...report, use: "flag", slices: 1 }, slices: [slice], idOf };
  }
  if (filled.every((value) => Number.isFinite(Number(value)))) {
    return notUsed("It holds numbers; write ranges as words, such as short and long, to make slices of it.");
  }
  // Values that differ in capitals only are one category, named as it first appears.
  const categories = new Map<string, string>();
  for (const value of filled) {
    if (!categories.has(value.toLowerCase())) categories.set(value.toLowerCase(), value);
    if (categories.size > MAX_CATEGORIES)
      return notUsed(`It has more than ${MAX_CATEGORIES} different values.`);
  }
  const idOf = new Map(
    [...categories.keys()].map((value) => [
      value,
      `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
    ]),
  );
  const slices = [...categories].map(([value, shown]) =>
    define(idOf.get(value) ?? value, `${name}: ${shown}`),
  );
  return { report: { ...report, use: "categories", slices: slices.length }, slices, idOf };
}
