import { canonicalJson } from "@/lib/shared/jcs";
import { toHex } from "@/lib/shared/encoding";
import { sha256 } from "@noble/hashes/sha2.js";
import { columnsOf, confidenceMillionths } from "./condition";
import type { EvaluationRow, SliceDefinition } from "./slice";

const CONFIDENCE_DIGITS = 6;

/**
 * The rows of an evaluation as one text whose SHA-256 names them: a line of canonical JSON with the slices
 * examined, then one line per row in the order given, each ended by LF. Confidences are decimal strings of six
 * digits, columns those that conditions ask for, in the order of the first
 * line. The inputs themselves are not in it.
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
  const columns = [...new Set(slices.flatMap(({ condition }) => columnsOf(condition)))].sort();
  const header = canonicalJson({
    format: "offcut-evaluation-rows-v1",
    ...(saltHex === undefined ? {} : { salt: saltHex }),
    columns,
    slices: slices.map(({ condition, discovered }) => ({ condition, discovered })),
  });
  yield `${header}\n`;
  for (const row of rows) {
    // Keys in their order and plain texts: what canonical JSON makes of them too.
    const line = JSON.stringify({
      ...(row.cluster === undefined ? {} : { cluster: row.cluster }),
      ...(columns.length > 0 ? { columns: columns.map((column) => row.columns?.get(column) ?? null) } : {}),
      ...(row.confidence === undefined ? {} : { confidence: confidenceText(row.confidence) }),
      label: row.label,
      prediction: row.prediction,
    });
    yield `${line}\n`;
  }
}

function confidenceText(confidence: number): string {
  return (confidenceMillionths(confidence) / 1_000_000).toFixed(CONFIDENCE_DIGITS);
}
