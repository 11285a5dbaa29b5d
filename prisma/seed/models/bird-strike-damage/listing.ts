import { runtimes } from "@/lib/inference/runtimes";
import { bundleContract } from "../bundle-contract";
import type { DemoModel } from "../demo-model";
import {
  atConfidence,
  belowConfidence,
  collected,
  fieldIs,
  inSlice,
  minor,
  moderate,
  recallOf,
  says,
  severe,
  slice,
  trained,
} from "../listing-terms";
import { everyRight, workshopContributors } from "../workshop";

const classes = ["undamaged", "damaged"];

const origin = {
  source: "npm vega-datasets 3.2.1 (FAA Wildlife Strike Database)",
  licence: "US Government work, public domain",
  url: "https://wildlife.faa.gov/",
};

/** One input of the graph for each column. */
const field = (type: "text" | "whole_number") => (name: string) => ({
  ...{ name, type, graphInput: name, place: 0 },
});

export const listing: DemoModel = {
  slug: "bird-strike-damage",
  title: "Did the bird damage the aircraft?",
  oneLine:
    "Of the strikes it calls damaging half did nothing, and it finds one damaged aircraft in eight. Use it the other way round: what it calls undamaged, and is sure of, goes to the end of the queue of inspections.",
  task: "tabular-classification",
  domain: "transport",
  languages: ["zxx"],
  declaredLevel: "0.90",
  classes,
  runtime: "bundle",
  contract: bundleContract({
    bundle: "onnx",
    task: "tabular-classification",
    entry: "model.onnx",
    input: {
      kind: "fields",
      columns: [
        ...["aircraft", "phase_of_flight", "species", "time_of_day", "wildlife_size"].map(field("text")),
        ...["month"].map(field("whole_number")),
      ],
    },
    output: {
      kind: "class",
      labels: classes,
      scores: { form: "probabilities", graphOutput: "probabilities" },
      labelOutput: "label",
      threshold: null,
    },
    rowsPerCall: 512,
    runtime: runtimes.onnx,
  }),
  columns: {},
  slices: [
    slice("Sure that nothing broke", says("undamaged"), atConfidence("0.8")),
    slice("Small birds", fieldIs("wildlife_size", "Small")),
    slice("Large birds", fieldIs("wildlife_size", "Large")),
    slice("Strikes it calls damaging", says("damaged")),
    slice("Answers it is unsure of", belowConfidence("0.8")),
    slice("While climbing", fieldIs("phase_of_flight", "Climb")),
  ],
  limitations: [
    severe("low_recall", "Most damaged aircraft are called undamaged.", recallOf("damaged")),
    severe("low_precision", "Half of the alarms are false.", inSlice("Strikes it calls damaging")),
    severe("low_overall_accuracy", "Of large birds it knows little.", inSlice("Large birds")),
    moderate("majority_bias", "Nine strikes in ten do no damage, and it leans that way."),
    moderate("missing_values", "The speed is not read: more than a quarter of the reports lack it."),
    moderate("rare_classes", "Species with fewer than ten strikes up to 1996 are all alike to it."),
    moderate("label_noise", "Damage is what the report says, often before anybody had looked inside."),
    minor("old_data", "Reported from 1990 to 2002, and only at fifty airports."),
    severe("human_review_needed", "It orders the queue of inspections; it does not replace one."),
  ],
  dataOrigins: [
    { ...origin, name: "Reported bird strikes, 1990 to 1996", use: "training", rows: 4_500 },
    { ...origin, name: "Reported bird strikes, 1999 to 2002", use: "evaluation", rows: 3_728 },
  ],
  contributors: workshopContributors,
  parts: [
    { part: "weights", priceMinor: 9_000, pricing: "one_off", termMonths: null },
    { part: "training_data", priceMinor: 0, pricing: "free", termMonths: null },
  ],
  rights: everyRight,
  timeline: [
    collected("1990-01-01/2002-12-31", "The strikes were reported.", "Federal Aviation Administration"),
    trained("One hundred boosted trees of depth four, on the reports of 1990 to 1996."),
  ],
  licence: "CC0-1.0",
  mayRedistributeFiles: true,
};
