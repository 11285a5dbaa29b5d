import { cleanText } from "@/lib/shared/clean-text";
import { withoutUnseen } from "@/lib/shared/plain-name";
import { sha256 } from "@noble/hashes/sha2.js";
import { toHex } from "@/lib/shared/encoding";
import { canonicalValue } from "@/lib/measurement/canonical-value";
import { EVALUATION_FILE_LIMITS } from "@/lib/measurement/evaluation-table";
import type { EvaluationRow, SliceDefinition } from "@/lib/measurement/slice";
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
  cluster?: string;
  /** Scalars known about the input, by field. */
  fields: ReadonlyMap<string, string>;
};

export type RowsRead = Pick<ForeignDraft, "rows" | "slices"> & {
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
  const { fields, unused } = chooseFields(unique);
  let normalised = 0;
  let denied = 0;
  const rows = unique.map((row): EvaluationRow => {
    const target = shortLabel(row.target);
    const label = target || EMPTY_TARGET;
    const prediction = shortLabel(row.prediction);
    if (row.isRight && prediction !== target) normalised += 1;
    if (!row.isRight && prediction === label) denied += 1;
    return {
      label,
      prediction: row.isRight ? label : prediction === label ? "" : prediction,
      ...(row.confidence === undefined ? {} : { confidence: row.confidence }),
      ...(row.cluster === undefined ? {} : { cluster: shortLabel(row.cluster) }),
      slices: fields.flatMap((field) => {
        const value = row.fields.get(field);
        return value === undefined ? [] : [sliceId(field, value)];
      }),
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
  return { rows, slices: slicesOf(unique, fields), unused };
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

function chooseFields(rows: readonly JudgedRow[]): { fields: string[]; unused: RowsRead["unused"] } {
  const names = new Set<string>();
  for (const row of rows) for (const name of row.fields.keys()) if (names.size < MAX_FIELDS) names.add(name);
  const fields: string[] = [];
  const unused: RowsRead["unused"] = [];
  for (const field of names) {
    const reason = whyNoSlice(field, rows);
    if (reason === null) fields.push(field);
    else {
      const example = rows.find((row) => row.fields.has(field))?.fields.get(field) ?? "";
      unused.push({ field, example, reason });
    }
  }
  return { fields, unused };
}

/** A slice is a condition on the input: what follows the label one to one would be the label itself. */
function whyNoSlice(field: string, rows: readonly JudgedRow[]): string | null {
  const targets = new Map<string, Set<string>>();
  let distinctTargets = 0;
  const seen = new Set<string>();
  for (const row of rows) {
    if (!seen.has(row.target)) distinctTargets += 1;
    seen.add(row.target);
    const value = row.fields.get(field);
    if (value === undefined) continue;
    const known = targets.get(value) ?? new Set();
    targets.set(value, known.add(row.target));
    if (targets.size > MAX_VALUES)
      return `It has more than ${MAX_VALUES} values, so no slice was made of it.`;
  }
  if (targets.size < 2) return "It is the same for every row.";
  const tellsLabel = [...targets.values()].every((known) => known.size === 1);
  return tellsLabel && distinctTargets > 1
    ? "It gives the label away, so it is no condition on the input."
    : null;
}

function slicesOf(rows: readonly JudgedRow[], fields: readonly string[]): SliceDefinition[] {
  const slices = new Map<string, SliceDefinition>();
  for (const field of fields) {
    const values = new Set(rows.map((row) => row.fields.get(field)).filter((value) => value !== undefined));
    for (const value of [...values].sort()) {
      const id = sliceId(field, value);
      slices.set(id, { id, name: `${field}: ${value}`, baseRows: "members", discovered: false });
    }
  }
  return [...slices.values()];
}

function sliceId(field: string, value: string): string {
  return `${encodeURIComponent(field)}=${encodeURIComponent(value)}`;
}
