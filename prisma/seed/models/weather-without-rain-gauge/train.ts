/**
 * Names the day's weather in Seattle from thermometer and wind gauge alone.
 *
 * Rows come from `seattle-weather.csv` of the npm package vega-datasets (NOAA, US
 * Government work): `npm install --no-save vega-datasets@3.2.1`. Trained on 2012 only;
 * 2013 is for choosing slices, 2014 and 2015 for the figures on the listing.
 *
 * Second attempt: a first one (60 epochs, weight decay 0.001) was judged on 2014 and 2015
 * and had no slice that held. This one was chosen by its log loss on 2013.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { runTraining } from "../training/command-line";
import { fitOnnx, saveRows, standardised } from "../training/fit";
import type { DemoRow } from "../training/row-file";

const slug = "weather-without-rain-gauge";
export const classes = ["drizzle", "fog", "rain", "snow", "sun"];
const flags = [
  "winter",
  "spring",
  "summer",
  "autumn",
  "below-freezing",
  "small-range",
  "large-range",
  "windy",
];
const columns = [
  { name: "temp_max", unit: "°C" },
  { name: "temp_min", unit: "°C" },
  { name: "temp_range", unit: "°C" },
  { name: "wind", unit: "m/s" },
  { name: "season_cosine", unit: "" },
  { name: "season_sine", unit: "" },
  { name: "temp_max_yesterday", unit: "°C" },
  { name: "temp_min_yesterday", unit: "°C" },
  { name: "wind_yesterday", unit: "m/s" },
];

type Day = { date: string; high: number; low: number; wind: number; weather: string };

/** The model file, from the committed rows. */
export function train(): Uint8Array {
  return fitOnnx(slug, (rows) => standardised(columns, rows), {
    hidden: [8],
    epochs: 30,
    batchSize: 16,
    learningRate: 0.01,
    weightDecay: 0.03,
    seed: 2012,
  });
}

function collect(folder: string): void {
  const file = path.join(folder, "node_modules/vega-datasets/data/seattle-weather.csv");
  const days = readFileSync(file, "utf8").trim().split("\n").slice(1).map(dayOf);
  const rows = days.map((day, index) => rowOf(day, days[index - 1] ?? day));
  const of = (...years: number[]) => rows.filter((row) => years.includes(row.observedYear ?? 0));
  saveRows(slug, "training", classes, flags, of(2012));
  saveRows(slug, "discovery", classes, flags, of(2013));
  saveRows(slug, "attestation", classes, flags, of(2014, 2015));
}

function dayOf(line: string): Day {
  const [date = "", , high, low, wind, weather = ""] = line.split(",");
  return { date, high: Number(high), low: Number(low), wind: Number(wind), weather: weather.trim() };
}

/** The rain gauge of the source is left out on purpose: it gives the answer away. */
function rowOf(day: Day, before: Day): DemoRow {
  const date = new Date(`${day.date}T00:00:00Z`);
  const year = date.getUTCFullYear();
  const dayOfYear = (date.getTime() - Date.UTC(year, 0, 1)) / 86_400_000;
  const angle = (2 * Math.PI * dayOfYear) / 365.25;
  const range = day.high - day.low;
  const season = ["winter", "spring", "summer", "autumn"][Math.floor(((date.getUTCMonth() + 1) % 12) / 3)];
  const marks = [
    season,
    day.low < 0 && "below-freezing",
    range < 5 && "small-range",
    range >= 10 && "large-range",
    day.wind >= 5 && "windy",
  ];
  const values = [
    day.high,
    day.low,
    range,
    day.wind,
    Math.cos(angle),
    Math.sin(angle),
    before.high,
    before.low,
    before.wind,
  ];
  return {
    label: day.weather,
    flags: marks.filter((mark): mark is string => typeof mark === "string"),
    cluster: year * 100 + date.getUTCMonth() + 1,
    observedYear: year,
    features: { kind: "numbers", values: values.map((value) => Math.round(value * 1_000) / 1_000) },
  };
}

await runTraining(import.meta.filename, slug, collect, train);
