/**
 * Says whether a reported bird strike damaged the aircraft, from what the crew can tell: the animal, its size, the aircraft,
 * the phase of the flight, the time of day and the month.
 *
 * This script collects the rows, from `birdstrikes.csv` of the npm package vega-datasets (Federal Aviation Administration,
 * public domain as a work of the United States Government): `npm install --no-save vega-datasets@3.2.1`.
 * `train.py` trains on the training rows and writes `bundle/model.onnx`. Reports are kept apart by year: learned from 1990
 * to 1996, looked at in 1997 and 1998, judged from 1999 to 2002. Those of one airport on one day belong together.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "csv-parse/sync";
import { runCollection } from "../training/command-line";
import { clusterOf } from "../training/debian";
import { saveRows } from "../training/fit";
import type { DemoRow, RowFile } from "../training/row-file";

const slug = "bird-strike-damage";
const classes = ["undamaged", "damaged"];
const LAST_TRAINING_YEAR = 1996;
const LAST_DISCOVERY_YEAR = 1998;

type Report = Record<string, string>;

/** Writes the row files again from the package in `folder`. */
function collect(folder: string): void {
  const file = path.join(folder, "node_modules/vega-datasets/data/birdstrikes.csv");
  const rows = parse<Report>(readFileSync(file), { columns: true }).map(rowOf);
  for (const split of ["training", "discovery", "attestation"] as const) {
    const own = rows.filter(({ observedYear }) => splitOf(observedYear) === split);
    saveRows(slug, split, classes, [], own);
  }
}

function splitOf(year: number): RowFile["split"] {
  if (year <= LAST_TRAINING_YEAR) return "training";
  return year <= LAST_DISCOVERY_YEAR ? "discovery" : "attestation";
}

function rowOf(report: Report): DemoRow & { observedYear: number } {
  const of = (column: string) => report[column] ?? "";
  const [year = "", month = ""] = of("Flight Date").split("-");
  return {
    label: of("Effect Amount of damage") === "None" ? "undamaged" : "damaged",
    flags: [],
    cluster: clusterOf(`${of("Airport Name")} ${of("Flight Date")}`),
    observedYear: Number(year),
    features: {
      kind: "fields",
      values: {
        aircraft: of("Aircraft Make Model"),
        month: String(Number(month)),
        phase_of_flight: of("Phase of flight"),
        species: of("Wildlife Species"),
        time_of_day: of("Time of day"),
        wildlife_size: of("Wildlife Size"),
      },
    },
  };
}

await runCollection(import.meta.filename, collect);
