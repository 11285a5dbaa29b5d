import "server-only";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { MeasuredRun } from "@/lib/evidence/commands/record-run";
import { MARKS_PURPOSE, markInputs } from "@/lib/inference/input-marks";
import { currentTime } from "@/lib/platform/clock";
import { derivedKey } from "@/lib/platform/master-key";
import type { DemoModel } from "./models/demo-model";
import { type DemoEvaluation, evaluateDemoModel, evaluateRows } from "./models/evaluate";

export type DemoRun = Omit<MeasuredRun, "listingId" | "modelDigest"> & {
  by: "platform" | "seller" | "third_party";
};

/**
 * Runs a demo model, really, and returns the evaluations to record, weakest first. The platform measures on the
 * attestation rows; where rows are dated it also does so year by year, and the seller signs for the year on which
 * the slices were chosen.
 */
export async function runDemoModel(model: DemoModel): Promise<DemoRun[]> {
  const measured = await timed(() => evaluateDemoModel(model.slug, "attestation"));
  const years = yearsOf(measured.evaluation);
  if (years.length < 2) return [...(await benchRuns(model)), runOf(model, measured, null)];
  const chosenOn = await timed(() => evaluateDemoModel(model.slug, "discovery"));
  return [
    ...yearsOf(chosenOn.evaluation).map((year) => ({
      ...runOf(model, chosenOn, year),
      by: "seller" as const,
    })),
    ...years.map((year) => runOf(model, measured, year)),
    runOf(model, measured, null),
  ];
}

/** The program of this repository that feeds rows to a model and counts its answers, as it is now. */
function harness(): DemoRun["harness"] {
  const file = path.join("prisma", "seed", "models", "evaluate.ts");
  const bytes = readFileSync(path.resolve(file));
  return { name: file, version: "1", sha256: createHash("sha256").update(bytes).digest("hex") };
}

type Timed = { evaluation: DemoEvaluation; startedAt: Date; finishedAt: Date };

async function timed(evaluate: () => Promise<DemoEvaluation>): Promise<Timed> {
  const startedAt = await currentTime();
  const evaluation = await evaluate();
  return { evaluation, startedAt, finishedAt: await currentTime() };
}

/** Games with numbers from here on are in no committed file. */
const FIRST_FRESH_GAME = 50_000_000;
const FRESH_ROWS = 300;

/** Runs on rows that nobody used before: only where new ones can be made here. Its house is linked to the seller's. */
async function benchRuns(model: DemoModel): Promise<DemoRun[]> {
  if (model.slug !== "connect-four-reflexes") return [];
  const { drawFreshRows } = await import("./models/connect-four-reflexes/train");
  const run = await timed(() =>
    evaluateRows(model, drawFreshRows(FIRST_FRESH_GAME, FRESH_ROWS), "attestation"),
  );
  const fresh = runOf(model, run, null);
  return [
    {
      ...fresh,
      by: "third_party",
      dataSet: { ...fresh.dataSet, name: "Fresh connect-four positions, solved exactly" },
    },
  ];
}

/** A year with fewer rows says too little to stand by itself. */
const MIN_ROWS_OF_A_YEAR = 200;

function yearsOf({ rows }: DemoEvaluation): number[] {
  const counts = new Map<number, number>();
  for (const { observedYear } of rows) {
    if (observedYear !== undefined) counts.set(observedYear, (counts.get(observedYear) ?? 0) + 1);
  }
  return [...counts].flatMap(([year, n]) => (n >= MIN_ROWS_OF_A_YEAR ? [year] : [])).sort((a, b) => a - b);
}

/** One run on the rows of a year, or on all rows when `year` is null. */
function runOf(model: DemoModel, { evaluation, startedAt, finishedAt }: Timed, year: number | null): DemoRun {
  const { rows, inputs, slices, clustersFrom, runtime, isolation, msPer1000, split } = evaluation;
  const { from, to } = year === null ? spanOf(evaluation) : { from: year, to: year };
  return {
    by: "platform",
    dataSet: {
      name: year === null ? dataSetName(model) : `${undated(dataSetName(model))}, ${year}`,
      use: split,
      observedFrom: from === null ? null : new Date(Date.UTC(from, 0, 1)),
      observedTo: to === null ? null : new Date(Date.UTC(to, 11, 31)),
    },
    rows: year === null ? rows : rows.filter(({ observedYear }) => observedYear === year),
    slices,
    clustersFrom,
    classes: model.classes,
    runtime: { ...runtime, isolation, msPer1000 },
    marks: markInputs(
      year === null ? inputs : inputs.filter((_, at) => rows[at]?.observedYear === year),
      key(),
    ),
    harness: harness(),
    startedAt,
    finishedAt,
  };
}

const key = () => derivedKey(MARKS_PURPOSE);

function dataSetName(model: DemoModel): string {
  return model.dataOrigins.find(({ use }) => use === "evaluation")?.name ?? model.title;
}

/** "Seattle daily weather" of "Seattle daily weather, 2014 and 2015". */
function undated(name: string): string {
  return name.replace(/,? \d{4}(?: and \d{4})?$/, "");
}

/** From the first to the last year of the rows; nothing is said where some rows are not dated. */
function spanOf({ rows }: DemoEvaluation): { from: number | null; to: number | null } {
  const years = rows.map(({ observedYear }) => observedYear ?? Number.NaN);
  if (years.length === 0 || years.some(Number.isNaN)) return { from: null, to: null };
  return { from: Math.min(...years), to: Math.max(...years) };
}
