import { canonicalJson } from "@/lib/shared/jcs";
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
  const header = canonicalJson({
    format: "offcut-evaluation-rows-v1",
    ...(saltHex === undefined ? {} : { salt: saltHex }),
    slices: slices.map(({ id, name, baseRows, discovered }) => ({ id, name, baseRows, discovered })),
  });
  const lines = rows.map((row) =>
    canonicalJson({
      label: row.label,
      prediction: row.prediction,
      slices: [...row.slices],
      ...(row.inputConditions?.length ? { inputConditions: [...row.inputConditions] } : {}),
      ...(row.confidence === undefined ? {} : { confidence: row.confidence.toFixed(CONFIDENCE_DIGITS) }),
      ...(row.cluster === undefined ? {} : { cluster: row.cluster }),
    }),
  );
  return [header, ...lines].map((line) => `${line}\n`).join("");
}
