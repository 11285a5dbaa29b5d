import type { Condition, ConditionTest } from "@/lib/catalogue/condition";
import type { EnvelopeCell } from "@/lib/catalogue/standing";
import { type CheckedRow, comparedValue, meetsCondition } from "@/lib/measurement/condition";
import { inputColumnWords } from "@/lib/measurement/input-columns";

/** What a listing's record says of inputs like one that was tried. */
export type KnownAbout<Cell> = {
  /** The slices that this input and its answer fall in. */
  within: Cell[];
  /** Those of which it cannot be said, for want of what the visitor did not tell. */
  undecided: Cell[];
};

/** Something that slices ask of an input and that only its bearer knows. */
export type AskedOfBearer = { column: string; values: string[] };

type Sliced = Pick<EnvelopeCell, "condition">;

/** What has to be asked so that every slice can be decided: columns that do not follow from the input itself. */
export function askedOfBearer(cells: readonly Sliced[], fields: readonly string[]): AskedOfBearer[] {
  const asked = new Map<string, Set<string>>();
  for (const { condition } of cells) {
    for (const test of condition.all) {
      if (!("column" in test) || test.column in inputColumnWords || fields.includes(test.column)) continue;
      const values = asked.get(test.column) ?? new Set();
      if ("is" in test) values.add(comparedValue(test.is));
      asked.set(test.column, values);
    }
  }
  return [...asked].map(([column, values]) => ({ column, values: [...values] }));
}

/** Which slices one answered input falls in. A column that is missing from `row` is not known. */
export function knownAbout<Cell extends Sliced>(cells: readonly Cell[], row: CheckedRow): KnownAbout<Cell> {
  const within: Cell[] = [];
  const undecided: Cell[] = [];
  for (const cell of cells) {
    const met = decide(cell.condition, row);
    if (met === true) within.push(cell);
    if (met === "unknown") undecided.push(cell);
  }
  return { within, undecided };
}

/** One test that fails decides, whatever is not known of the others. */
function decide({ all }: Condition, row: CheckedRow): boolean | "unknown" {
  const results = all.map((test) => (isKnown(test, row) ? meetsCondition({ all: [test] }, row) : "unknown"));
  if (results.includes(false)) return false;
  return results.includes("unknown") ? "unknown" : true;
}

function isKnown(test: ConditionTest, { columns, confidence }: CheckedRow): boolean {
  if ("column" in test) return columns?.get(test.column) !== undefined;
  return "says" in test || confidence !== undefined;
}
