/**
 * Collects the weather rows with the rain gauge left in, as an example of a model that
 * must be refused: a day is called rainy because the gauge is wet, so the gauge is the
 * answer. Source as in ../weather-without-rain-gauge/train.ts; run with the folder in
 * which vega-datasets is installed.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { saveRows } from "../training/fit";
import type { DemoRow } from "../training/row-file";

export const slug = "refused/weather-with-rain-gauge";

const folder = process.argv[2];
if (process.argv[1] === import.meta.filename && folder) {
  const file = path.join(folder, "node_modules/vega-datasets/data/seattle-weather.csv");
  const rows = readFileSync(file, "utf8").trim().split("\n").slice(1).map(rowOf);
  const classes = ["not rain", "rain"];
  const of = (from: number, to: number) =>
    rows.filter(({ observedYear = 0 }) => observedYear >= from && observedYear <= to);
  saveRows(slug, "training", classes, [], of(2012, 2012));
  saveRows(slug, "attestation", classes, [], of(2014, 2015));
}

function rowOf(line: string): DemoRow {
  const [date = "", rain, high, low, wind, weather = ""] = line.split(",");
  return {
    label: weather.trim() === "rain" ? "rain" : "not rain",
    flags: [],
    cluster: Number(date.slice(0, 4) + date.slice(5, 7)),
    observedYear: Number(date.slice(0, 4)),
    features: { kind: "numbers", values: [rain, high, low, wind].map(Number) },
  };
}
