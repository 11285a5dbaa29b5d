import { cleanText } from "@/lib/shared/clean-text";
import { withoutUnseen } from "@/lib/shared/plain-name";
import { sha256 } from "@noble/hashes/sha2.js";
import { toHex } from "@/lib/shared/encoding";
import { canonicalValue } from "@/lib/measurement/canonical-value";
import { EVALUATION_FILE_LIMITS } from "@/lib/measurement/evaluation-table";
import { ClusterUnion } from "@/lib/measurement/clusters";
import { comparedValue } from "@/lib/measurement/condition";
import { leakFinder, leakReasons } from "@/lib/measurement/leak";
import { NearCopies } from "@/lib/measurement/near-copies";
import { type EvaluationRow, type SliceDefinition, columnSlice, columnValues } from "@/lib/measurement/slice";
import { addTrap } from "./figure";
import type { ForeignDraft, Trap } from "./foreign-draft";

/** One judged row of a foreign file, with the harness's own verdict. */
export type JudgedRow = {
  id: string;
  target: string;
  /** "" where no prediction was found. */
  prediction: string;
  isRight: boolean;
  confidence?: number;
  /** What the row was made of: rows that share it are not independent. */
  cluster?: string;
  /** The input itself, in which near-copies are looked for. */
  text?: string;
  /** Scalars known about the input, by field. */
  fields: ReadonlyMap<string, string>;
};

export type RowsRead = Pick<ForeignDraft, "rows" | "slices" | "clustersFrom"> & {
  /** Fields no slice was made of, with the reason. */
  unused: { field: string; example: string; reason: string }[];
};

/** The target of a wrong row whose file does not say what was right. */
export const NOT_STATED = "(not stated)";
/** An empty target is a class like any other, and never equal to an answer that is missing. */
const EMPTY_TARGET = "(empty)";

export const MAX_FOREIGN_ROWS = EVALUATION_FILE_LIMITS.rows;
const MAX_LABEL_CHARACTERS = 200;
const MAX_FIELDS = 40;
const MAX_VALUES = 20;

/**
 * Turns judged rows into rows that can be sliced. The harness's verdict decides: a prediction it counted as right
 * takes its target's text, so that it equals the label; one it counted as wrong never equals it. An id that
 * occurs again counts once, with a wrong prediction if there is any: repeating a row never raises a score.
 */
export function toEvaluationRows(judged: readonly JudgedRow[], traps: Trap[], warnings: string[]): RowsRead {
  const unique = countOnce(judged, traps);
  let normalised = 0;
  let denied = 0;
  const answered = unique.map((row): EvaluationRow => {
    const target = shortLabel(row.target);
    const label = target || EMPTY_TARGET;
    const prediction = shortLabel(row.prediction);
    if (row.isRight && prediction !== target) normalised += 1;
    if (!row.isRight && prediction === label) denied += 1;
    return {
      label,
      prediction: row.isRight ? label : prediction === label ? "" : prediction,
      ...(row.confidence === undefined ? {} : { confidence: row.confidence }),
    };
  });
  const { fields, unused } = chooseFields(unique, answered);
  const union = clustersOf(unique);
  const clustersFrom = union.from;
  const rows = answered.map((row, index): EvaluationRow => {
    const known = unique[index]?.fields;
    const values = fields.flatMap((field) => {
      const value = known?.get(field);
      return value === undefined ? [] : [[field, value] as const];
    });
    return {
      ...row,
      ...(values.length === 0 ? {} : { columns: columnValues(values) }),
      ...(clustersFrom.length === 0 ? {} : { cluster: String(union.rootOf(index) + 1) }),
    };
  });
  if (normalised > 0) {
    warnings.push(
      `${normalised} predictions differ from their target in form; the harness counted them as right.`,
    );
  }
  if (denied > 0) {
    addTrap(
      traps,
      "score_differs",
      `${denied} predictions equal their target and were scored as wrong; they count as wrong here.`,
    );
  }
  return { rows, slices: slicesOf(unique, fields), clustersFrom, unused };
}

/** A label as it is kept: long text is cut, and a digest keeps different texts apart. */
export function shortLabel(text: string): string {
  const clean = canonicalValue(cleanText(text));
  if (clean.length <= MAX_LABEL_CHARACTERS) return clean;
  const digest = toHex(sha256(new TextEncoder().encode(clean))).slice(0, 16);
  return cleanText(`${clean.slice(0, 160)}… (${digest})`);
}

/** Scalars of an object as slice fields; anything longer than 80 characters is content, not a condition. */
export function scalarFields(value: unknown): Map<string, string> {
  const fields = new Map<string, string>();
  if (typeof value !== "object" || value === null || Array.isArray(value)) return fields;
  for (const key of Object.keys(value)) {
    const member = (value as Record<string, unknown>)[key];
    const isScalar = ["string", "number", "boolean"].includes(typeof member);
    const text = isScalar ? cleanText(String(member)).trim() : "";
    if (text !== "" && text.length <= 80 && key.length <= 80) fields.set(withoutUnseen(key), text);
    if (fields.size >= MAX_FIELDS) break;
  }
  return fields;
}

function countOnce(judged: readonly JudgedRow[], traps: Trap[]): JudgedRow[] {
  const kept = new Map<string, JudgedRow>();
  let repeated = 0;
  for (const row of judged) {
    const earlier = kept.get(row.id);
    if (earlier) repeated += 1;
    if (!earlier || (earlier.isRight && !row.isRight)) kept.set(row.id, row);
  }
  if (repeated > 0) {
    addTrap(
      traps,
      "repeated_id",
      `${repeated} rows repeat an id; each id counts once, as wrong if any of its predictions is.`,
    );
  }
  return [...kept.values()];
}

function clustersOf(rows: readonly JudgedRow[]): ClusterUnion {
  const union = new ClusterUnion();
  const copies = new NearCopies(union);
  for (const [row, { cluster, text }] of rows.entries()) {
    if (cluster !== undefined) union.name(row, "repeated_ids", 0, cluster);
    if (text !== undefined) copies.add(row, text);
  }
  copies.join();
  return union;
}

function chooseFields(
  rows: readonly JudgedRow[],
  answered: readonly EvaluationRow[],
): { fields: string[]; unused: RowsRead["unused"] } {
  const leakIn = leakFinder(answered);
  const names = new Set<string>();
  for (const row of rows) for (const name of row.fields.keys()) if (names.size < MAX_FIELDS) names.add(name);
  const fields: string[] = [];
  const unused: RowsRead["unused"] = [];
  for (const field of names) {
    const reason = whyNoSlice(
      rows.map((row) => row.fields.get(field)),
      leakIn,
    );
    if (reason === null) fields.push(field);
    else {
      const example = rows.find((row) => row.fields.has(field))?.fields.get(field) ?? "";
      unused.push({ field, example, reason });
    }
  }
  return { fields, unused };
}

/** A slice is a condition on the input: what gives the label or the verdict away is none. */
function whyNoSlice(
  values: readonly (string | undefined)[],
  leakIn: ReturnType<typeof leakFinder>,
): string | null {
  const filled = values.filter((value) => value !== undefined);
  const distinct = new Set(filled.map(comparedValue));
  if (distinct.size > MAX_VALUES) return `It has more than ${MAX_VALUES} values, so no slice was made of it.`;
  if (distinct.size < 2) return "It is the same for every row.";
  if (distinct.size === filled.length) return "Every row has a value of its own.";
  const leak = leakIn((row) => comparedValue(values[row] ?? ""));
  return leak && leakReasons[leak];
}

function slicesOf(rows: readonly JudgedRow[], fields: readonly string[]): SliceDefinition[] {
  return fields.flatMap((field) => {
    const shown = new Map<string, string>();
    for (const row of rows) {
      const value = row.fields.get(field);
      if (value !== undefined && !shown.has(comparedValue(value))) shown.set(comparedValue(value), value);
    }
    return [...shown].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => columnSlice(field, value));
  });
}
