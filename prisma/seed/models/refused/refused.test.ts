import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { summariseEvaluation } from "@/lib/measurement/evaluation";
import { columnSlice, columnValues, outputCondition, type SliceDefinition } from "@/lib/measurement/slice";
import type { StoredFeatures } from "@/lib/inference/features";
import { admitModel, runOnnxModel } from "@/lib/inference/commands/run-model";
import { fitOnnx, loadRows, modelsFolder, standardised } from "../training/fit";
import type { DemoRow } from "../training/row-file";
import { findLeakingColumns } from "./leakage";

const options = { hidden: [], epochs: 30, batchSize: 16, learningRate: 0.01, weightDecay: 0.003, seed: 1 };

/** Flags are the columns that conditions see. */
async function judge(
  model: Uint8Array,
  rows: readonly DemoRow[],
  slices: readonly SliceDefinition[],
  level: number,
) {
  const run = await runOnnxModel(
    await admitModel(model),
    rows.map((row) => row.features as StoredFeatures),
  );
  const answered = rows.map((row, index) => ({
    label: row.label,
    columns: columnValues(row.flags.map((flag) => [flag, "true"])),
    ...run.predictions[index]!,
  }));
  return summariseEvaluation(answered, slices, level);
}

const flagSlice = (flag: string) => columnSlice(flag, "true");
const outputSlice = (prediction: string, minConfidence?: number): SliceDefinition => ({
  condition: outputCondition({ prediction, ...(minConfidence !== undefined && { minConfidence }) }),
  discovered: false,
});

describe("models that have no niche", () => {
  it("a calendar that guesses the weather from the date alone has none", async () => {
    const dateOnly = (row: DemoRow): DemoRow => ({
      ...row,
      features: {
        kind: "numbers",
        values: row.features.kind === "numbers" ? row.features.values.slice(4, 6) : [],
      },
    });
    const columns = [
      { name: "season_cosine", unit: "" },
      { name: "season_sine", unit: "" },
    ];
    const slug = "weather-without-rain-gauge";
    const model = fitOnnx(slug, (rows) => standardised(columns, rows), options, undefined, dateOnly);
    const { rows, flags, classes } = loadRows(slug, "attestation");
    const conditions = [
      ...flags.map(flagSlice),
      ...classes.flatMap((name) => [outputSlice(name), outputSlice(name, 0.7)]),
    ];
    const summary = await judge(model, rows.map(dateOnly), conditions, 0.8);
    expect(summary.overall.n).toBe(730);
    expect(summary.slices.filter(({ verdict }) => verdict === "filled")).toEqual([]);
    expect(summary.hasNiche).toBe(false);
  });

  it("a slice can reach its level and be worth nothing: replies are wanted mail anyway", async () => {
    const slug = "short-mail-spam";
    const { rows } = loadRows(slug, "attestation");
    const model = readFileSync(path.join(modelsFolder, slug, "model.onnx"));
    const summary = await judge(model, rows, [flagSlice("reply")], 0.8);
    const [replies] = summary.slices;
    expect(replies).toMatchObject({ verdict: "filled", beatsBaseRate: false });
    expect(replies?.value).toBeLessThan(replies?.baseRate ?? 0);
    expect(summary.hasNiche).toBe(false);
  });
});

describe("a model that reads the answer from its input", () => {
  const slug = "refused/weather-with-rain-gauge";
  const columns = ["precipitation", "temp_max", "temp_min", "wind"].map((name) => ({ name, unit: "" }));

  it("scores too well to be true, and the rain gauge is named as the reason", async () => {
    const { rows } = loadRows(slug, "attestation");
    const model = fitOnnx(slug, (training) => standardised(columns, training), {
      ...options,
      hidden: [8],
      epochs: 80,
    });
    const summary = await judge(model, rows, [outputSlice("rain")], 0.8);
    expect(summary.overall.value).toBeGreaterThan(0.85);
    expect(findLeakingColumns(rows).map(({ column }) => columns[column]?.name)).toContain("precipitation");
  });

  it("without the gauge no column gives rain away", () => {
    const rows = loadRows(slug, "attestation").rows.map((row) => ({
      ...row,
      features: {
        kind: "numbers" as const,
        values: row.features.kind === "numbers" ? row.features.values.slice(1) : [],
      },
    }));
    expect(findLeakingColumns(rows)).toEqual([]);
  });
});
