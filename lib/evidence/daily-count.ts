import { type LoggedStatement, completenessOf, statementsAbout } from "@/lib/statements/completeness";
import { type CompletenessPredicate, MODELS_PER_PART } from "@/lib/statements/kinds/completeness";

export type ModelCount = CompletenessPredicate["models"][number];

/** A statement with its place in the log. */
type Placed = LoggedStatement & { index: bigint };

/**
 * Counts the statements about a model among the first `size` entries of the log, by the rule everybody counts by; null
 * where there are none. What came later is not looked at, so whoever reads that much of the log finds the same.
 */
export function countOfModel(
  modelDigest: string,
  entries: readonly Placed[],
  size: bigint,
): ModelCount | null {
  const within = entries.filter(({ index }) => index < size);
  const { total, adverse, withdrawn, statements } = completenessOf(statementsAbout(modelDigest, within));
  const last = statements.reduce((most, { index }) => (index > most ? index : most), -1n);
  return total === 0 ? null : { modelDigest, statements: total, adverse, withdrawn, lastIndex: Number(last) };
}

/** A day's count in as many parts as it needs, one of them when there is nothing to count. */
export function partsOfCount(
  day: string,
  log: { size: bigint; root: string },
  models: readonly ModelCount[],
): CompletenessPredicate[] {
  const sum = (of: "statements" | "adverse" | "withdrawn") =>
    models.reduce((total, model) => total + model[of], 0);
  const parts = Math.max(1, Math.ceil(models.length / MODELS_PER_PART));
  return Array.from({ length: parts }, (_, at) => ({
    day,
    part: at + 1,
    parts,
    log: {
      size: Number(log.size),
      root: log.root,
      lastIndex: log.size === 0n ? null : Number(log.size - 1n),
    },
    totals: {
      models: models.length,
      statements: sum("statements"),
      adverse: sum("adverse"),
      withdrawn: sum("withdrawn"),
    },
    models: models.slice(at * MODELS_PER_PART, (at + 1) * MODELS_PER_PART),
  }));
}
