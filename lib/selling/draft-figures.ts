import type { DraftFields } from "@/lib/catalogue/draft-fields";
import { type EvaluationSummary, redrawVerdicts } from "@/lib/measurement/evaluation";
import { type Counted, countOf } from "@/lib/measurement/limitation-figure";

/**
 * The figures beside the measured limitations of a draft, by the limitation's key: of the first of these evaluations
 * that counted exactly what it names, at the level declared now. One that none of them counted has none.
 */
export function draftFigures(
  { measured, declaredLevel }: Pick<DraftFields, "measured" | "declaredLevel">,
  summaries: readonly EvaluationSummary[],
): ReadonlyMap<string, Counted> {
  const level = Number(declaredLevel) || null;
  const drawn = summaries.map((summary) => (level === null ? summary : redrawVerdicts(summary, level)));
  return new Map(
    Object.entries(measured).flatMap(([key, { shown }]) => {
      const found = shown && drawn.map((summary) => countOf(summary, shown.measures)).find(Boolean);
      return found ? [[key, found] as const] : [];
    }),
  );
}
