import { canonicalJson } from "@/lib/shared/jcs";
import { toHex } from "@/lib/shared/encoding";
import { sha256 } from "@noble/hashes/sha2.js";
import type { EvaluationRow, SliceDefinition } from "./slice";

const CONFIDENCE_DIGITS = 6;

/**
 * The rows of an evaluation as one text whose SHA-256 names them: a line of canonical JSON with the slices
 * examined, then one line per row in the order given, each ended by LF. Confidences are decimal strings of six
 * digits. The inputs themselves are not in it.
 *
 * Give a salt (256 bits, hex) whenever the labels are not public: without one a short list of labels could be
 * guessed from its digest.
 */
export function canonicalRows(
  rows: readonly EvaluationRow[],
  slices: readonly SliceDefinition[],
  saltHex?: string,
): string {
  return [...canonicalLines(rows, slices, saltHex)].join("");
}

/** Lowercase hex SHA-256 of that text, which is never held whole. */
export function digestRows(
  rows: readonly EvaluationRow[],
  slices: readonly SliceDefinition[],
  saltHex?: string,
): string {
  const hash = sha256.create();
  const encoder = new TextEncoder();
  for (const line of canonicalLines(rows, slices, saltHex)) hash.update(encoder.encode(line));
  return toHex(hash.digest());
}

function* canonicalLines(
  rows: readonly EvaluationRow[],
  slices: readonly SliceDefinition[],
  saltHex?: string,
): Generator<string> {
  const header = canonicalJson({
    format: "offcut-evaluation-rows-v1",
    ...(saltHex === undefined ? {} : { salt: saltHex }),
    slices: slices.map(({ id, name, baseRows, discovered }) => ({ id, name, baseRows, discovered })),
  });
  yield `${header}\n`;
  for (const row of rows) {
    const line = canonicalJson({
      label: row.label,
      prediction: row.prediction,
      slices: [...row.slices],
      ...(row.inputConditions?.length ? { inputConditions: [...row.inputConditions] } : {}),
      ...(row.confidence === undefined ? {} : { confidence: row.confidence.toFixed(CONFIDENCE_DIGITS) }),
      ...(row.cluster === undefined ? {} : { cluster: row.cluster }),
    });
    yield `${line}\n`;
  }
}
