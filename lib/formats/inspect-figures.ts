import type { Cursor } from "@/lib/shared/cursor";
import { addTrap, checkFigure, compareErrors, statedNumber } from "./figure";
import type { ForeignDraft, ForeignFigure, Trap } from "./foreign-draft";
import type { JudgedRow } from "./judged-rows";

/** How often each sample was asked, and how many answers were completed in all. */
export type InspectRun = { epochs: number; completed: number | null };

type Score = { scorer: string | null; reducer: string | null; scored: number | null; run: InspectRun };

/** Figures of an Inspect log: one for each score and metric. Counts of scores are of samples, those of a run of answers. */
export function readInspectFigures(
  cursor: Cursor,
  draft: ForeignDraft,
  run: InspectRun,
  traps: Trap[],
): void {
  for (const found of cursor.at("results").at("scores").list()) {
    const scorer = found.first("name", "scorer").text(200);
    found.at("scorer").take();
    const score: Score = {
      scorer,
      reducer: found.at("reducer").text(60),
      scored: found.at("scored_samples").count(),
      run,
    };
    judgeScored(score, found.at("unscored_samples").count() ?? 0, traps);
    draft.figures.push(...readMetrics(cursor, found, score, draft, traps));
  }
}

function judgeScored({ scorer, scored, run }: Score, unscored: number, traps: Trap[]): void {
  const asked = run.completed === null ? null : run.completed / run.epochs;
  const missing = unscored > 0 ? unscored : asked !== null && scored !== null ? Math.ceil(asked) - scored : 0;
  if (missing <= 0) return;
  const count = missing === 1 ? "1 completed sample was" : `${missing} completed samples were`;
  addTrap(
    traps,
    "dropped_rows",
    `${count} not scored by ${scorer ?? "a scorer"}: the stated figure leaves them out.`,
  );
}

function readMetrics(
  cursor: Cursor,
  found: Cursor,
  score: Score,
  { ranAt }: ForeignDraft,
  traps: Trap[],
): ForeignFigure[] {
  const dataSet = { name: cursor.at("eval").at("dataset").at("name").text(300) };
  const name = cursor.at("eval").at("task").text(300) ?? "task";
  const entries = found.at("metrics").entries();
  const error = new Map(entries).get("stderr");
  const errorValue = error ? statedNumber(error.at("value").take()).value : null;
  error?.at("name").take();
  const isClustered = error?.at("params").at("cluster").text(200) != null;
  const parts = [score.scorer, score.run.epochs > 1 ? score.reducer : null].filter((part) => part !== null);
  return entries.flatMap(([metric, stated]) => {
    if (metric === "stderr") return [];
    stated.at("name").take();
    const { value, text } = statedNumber(stated.at("value").take());
    const figure = {
      name,
      metric,
      filter: parts.length > 0 ? parts.join(", ") : null,
      dataSet,
      value,
      valueText: text,
      n: countOf(score),
      standardError: metric === "accuracy" || metric === "mean" ? errorValue : null,
      date: ranAt,
    };
    const hasClusters = isClustered || (score.run.epochs > 1 && isMean(score.reducer));
    return [checkFigure(figure, traps, { isPrintedInFull: true, hasClusters })];
  });
}

/** What a figure is a share of: answers by the mean of epochs, samples where an epoch was chosen, else nothing. */
function countOf({ reducer, scored, run: { epochs, completed } }: Score): number | null {
  if (epochs === 1) return scored ?? completed;
  if (isMean(reducer)) return scored === null || scored * epochs === completed ? completed : null;
  return /^(max|mode|at_least_\d+)$/.test(reducer ?? "") ? scored : null;
}

function isMean(reducer: string | null): boolean {
  return reducer === null || reducer === "mean";
}

/** Holds the stated accuracy and its error against the samples of the scorer that rows follow. */
export function compareWithSamples(
  { figures }: ForeignDraft,
  judged: readonly JudgedRow[],
  scorer: string,
  epochs: number,
  traps: Trap[],
): void {
  const names = [scorer, `${scorer}, mean`];
  const figure = figures.find(({ metric, filter }) => metric === "accuracy" && names.includes(filter ?? ""));
  if (!figure || figure.value === null || judged.length === 0) return;
  const right = judged.filter(({ isRight }) => isRight).length;
  if (Math.abs(right / judged.length - figure.value) > 0.5 / judged.length) {
    addTrap(
      traps,
      "score_differs",
      `The stated accuracy is ${figure.valueText}; its samples give ${right} of ${judged.length}.`,
    );
  } else if (epochs > 1 && figure.n === judged.length) {
    figure.recomputedStandardError = errorBetweenSamples(judged);
    compareErrors(figure, `${figure.name}, accuracy`, traps);
  }
}

/** Answers to one sample depend on each other: the error follows from the means of the samples. */
function errorBetweenSamples(judged: readonly JudgedRow[]): number | null {
  const samples = new Map<string, { right: number; n: number }>();
  for (const { cluster = "", isRight } of judged) {
    const { right, n } = samples.get(cluster) ?? { right: 0, n: 0 };
    samples.set(cluster, { right: right + (isRight ? 1 : 0), n: n + 1 });
  }
  const means = [...samples.values()].map(({ right, n }) => right / n);
  if (means.length < 2) return null;
  const mean = means.reduce((sum, value) => sum + value, 0) / means.length;
  const spread = means.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(spread / (means.length - 1) / means.length);
}
