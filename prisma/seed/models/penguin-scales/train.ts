/**
 * Names a penguin's species from a ruler and a pair of scales: flipper length and body
 * mass, without a look at the beak.
 *
 * Rows come from `penguins.json` of the npm package vega-datasets (Palmer Station LTER,
 * CC0): `npm install --no-save vega-datasets@3.2.1`. Birds stand in the file in nesting
 * pairs; a pair is never divided between files.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { runTraining } from "../training/command-line";
import { fitOnnx, saveRows, standardised } from "../training/fit";
import type { DemoRow, RowFile } from "../training/row-file";

const slug = "penguin-scales";
const classes = ["Adelie", "Chinstrap", "Gentoo"];
const flags = ["female", "male", "Biscoe", "Dream", "Torgersen", "from-5000-g"];
const columns = [
  { name: "flipper_length", unit: "mm" },
  { name: "body_mass", unit: "g" },
];

type Bird = {
  Species: string;
  Island: string;
  Sex: string | null;
  "Flipper Length (mm)": number | null;
  "Body Mass (g)": number | null;
};

/** The model file, from the committed rows. */
export function train(): Uint8Array {
  return fitOnnx(slug, (rows) => standardised(columns, rows), {
    hidden: [],
    epochs: 200,
    batchSize: 8,
    learningRate: 0.02,
    weightDecay: 0.001,
    seed: 2007,
  });
}

function collect(folder: string): void {
  const file = path.join(folder, "node_modules/vega-datasets/data/penguins.json");
  const rows = (JSON.parse(readFileSync(file, "utf8")) as Bird[]).flatMap(rowOf);
  for (const split of ["training", "discovery", "attestation"] as const) {
    saveRows(
      slug,
      split,
      classes,
      flags,
      rows.filter(({ cluster }) => splitOf(cluster) === split),
    );
  }
}

/** Of nine pairs two are learned from, two looked at and five kept for judging. */
function splitOf(pair: number): RowFile["split"] {
  const place = pair % 9;
  if (place < 2) return "training";
  return place < 4 ? "discovery" : "attestation";
}

function rowOf(bird: Bird, index: number): DemoRow[] {
  const flipper = bird["Flipper Length (mm)"];
  const mass = bird["Body Mass (g)"];
  if (flipper === null || mass === null) return [];
  const marks = [bird.Sex?.toLowerCase(), bird.Island, mass >= 5_000 && "from-5000-g"];
  return [
    {
      label: bird.Species,
      flags: flags.filter((flag) => marks.includes(flag)),
      cluster: Math.floor(index / 2),
      features: { kind: "numbers", values: [flipper, mass] },
    },
  ];
}

await runTraining(import.meta.filename, slug, collect, train);
