import { type Proportion, isCorrect, proportion } from "./tally";

/** How one class of the labels fared. Recall is over the rows that truly are it, precision over those called it. */
export type ClassReport = { label: string; recall: Proportion; precision: Proportion };

export type ConfusionCell = { label: string; prediction: string; count: number };

/** Unweighted means over the classes that occur among the labels; null without rows. */
export type MacroFigures = { classes: number; recall: number; precision: number; f1: number };

export const MAX_CONFUSION_CELLS = 2_000;

export type ClassReports = {
  classes: ClassReport[];
  /** Only cells that occur, most frequent first, at most MAX_CONFUSION_CELLS of them. */
  confusion: ConfusionCell[];
  /** Rows in the cells left out. */
  confusionOmitted: number;
  macro: MacroFigures | null;
};

/**
 * Recall, precision and confusion per class, ordered by how often a class occurs, then by name.
 * A class never predicted has no precision and counts as 0 in the macro means.
 */
export function reportClasses(rows: readonly { label: string; prediction: string }[]): ClassReports {
  const actual = new Map<string, number>();
  const predicted = new Map<string, number>();
  const right = new Map<string, number>();
  const cells = new Map<string, ConfusionCell>();
  for (const row of rows) {
    increment(actual, row.label);
    increment(predicted, row.prediction);
    if (isCorrect(row)) increment(right, row.label);
    const key = JSON.stringify([row.label, row.prediction]);
    const cell = cells.get(key) ?? { label: row.label, prediction: row.prediction, count: 0 };
    cell.count += 1;
    cells.set(key, cell);
  }
  const classes = [...actual.keys()]
    .map((label): ClassReport => {
      const k = right.get(label) ?? 0;
      return {
        label,
        recall: proportion(k, actual.get(label) ?? 0),
        precision: proportion(k, predicted.get(label) ?? 0),
      };
    })
    .sort((a, b) => b.recall.n - a.recall.n || compare(a.label, b.label));
  const confusion = [...cells.values()].sort(
    (a, b) => b.count - a.count || compare(a.label, b.label) || compare(a.prediction, b.prediction),
  );
  const confusionOmitted = confusion.splice(MAX_CONFUSION_CELLS).reduce((sum, { count }) => sum + count, 0);
  return { classes, confusion, confusionOmitted, macro: macroFigures(classes) };
}

function macroFigures(classes: readonly ClassReport[]): MacroFigures | null {
  if (classes.length === 0) return null;
  const mean = (figure: (report: ClassReport) => number) =>
    classes.reduce((sum, report) => sum + figure(report), 0) / classes.length;
  return {
    classes: classes.length,
    recall: mean(({ recall }) => recall.value ?? 0),
    precision: mean(({ precision }) => precision.value ?? 0),
    f1: mean(({ recall, precision }) => {
      const both = (recall.value ?? 0) + (precision.value ?? 0);
      return both === 0 ? 0 : (2 * (recall.value ?? 0) * (precision.value ?? 0)) / both;
    }),
  };
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
