import type { EvaluationSummary } from "./evaluation";

/**
 * A summary as it was stored. Only `summariseEvaluation` writes them and the database refuses every change, so it is
 * recognised by its version; throws for one that this program does not know.
 */
export function readSummary(stored: unknown): EvaluationSummary {
  const version = (stored as { version?: unknown } | null)?.version;
  if (version !== 1)
    throw new Error(`An evaluation has a summary of the unknown version ${String(version)}.`);
  return stored as EvaluationSummary;
}
