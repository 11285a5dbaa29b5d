import type { ClassReports } from "./class-report";

/** A label or prediction that is none of a model's classes, and how often it occurs as which. */
export type UnknownClass = { name: string; asLabel: number; asPrediction: number };

/**
 * What a summary counts that a model of these classes cannot mean: labels it has no class for and predictions it cannot
 * give, the most frequent first. A missing prediction is a wrong answer and no other class.
 */
export function unknownClasses(
  { classes, confusion }: Pick<ClassReports, "classes" | "confusion">,
  known: readonly string[],
): UnknownClass[] {
  const isKnown = new Set(known);
  const found = new Map<string, UnknownClass>();
  const entry = (name: string) => {
    const one = found.get(name) ?? { name, asLabel: 0, asPrediction: 0 };
    found.set(name, one);
    return one;
  };
  for (const { label, recall } of classes) if (!isKnown.has(label)) entry(label).asLabel += recall.n;
  for (const { prediction, count } of confusion)
    if (prediction !== "" && !isKnown.has(prediction)) entry(prediction).asPrediction += count;
  return [...found.values()].sort((a, b) => b.asLabel + b.asPrediction - a.asLabel - a.asPrediction);
}
