import { isSure, says, type DemoModel } from "../demo-model";
import { everyRight, trainedOn, workshop, workshopContributors } from "../workshop";

export const listing: DemoModel = {
  slug: "penguin-scales",
  title: "Penguins by ruler and scales",
  oneLine:
    "You measure flipper and weight, and it cannot tell a Chinstrap from an Adélie, because on those two they are alike. Among the birds of Biscoe it picks out the Gentoos without a slip so far, and that is all it is good for.",
  task: "tabular-classification",
  domain: "biology",
  languages: ["zxx"],
  declaredLevel: "0.90",
  classes: ["Adelie", "Chinstrap", "Gentoo"],
  runtime: "onnx",
  slices: [
    {
      id: "gentoo",
      name: "Birds it calls Gentoo",
      condition: "The model answers “Gentoo”.",
      onOutput: says("Gentoo"),
    },
    {
      id: "biscoe-gentoo",
      name: "Birds of Biscoe it calls Gentoo",
      condition:
        "The bird was measured on Biscoe island and the model answers “Gentoo” at confidence 0.7 or more.",
      onInput: (flags) => flags.has("Biscoe"),
      onOutput: says("Gentoo", 0.7),
    },
    {
      id: "dream",
      name: "Birds of Dream island",
      condition: "The bird was measured on Dream island.",
      onInput: (flags) => flags.has("Dream"),
    },
    {
      id: "adelie",
      name: "Birds it calls Adélie",
      condition: "The model answers “Adelie”.",
      onOutput: says("Adelie"),
    },
    {
      id: "chinstrap",
      name: "Birds it calls Chinstrap, fairly sure",
      condition: "The model answers “Chinstrap” at confidence 0.5 or more.",
      onOutput: says("Chinstrap", 0.5),
    },
    {
      id: "sure",
      name: "Any answer it is sure of",
      condition: "The model answers at confidence 0.9 or more.",
      onOutput: isSure(0.9),
    },
    {
      id: "female",
      name: "Female birds",
      condition: "The bird is female.",
      onInput: (flags) => flags.has("female"),
    },
  ],
  limitations: [
    {
      type: "confuses_classes",
      severity: "severe",
      note: "Chinstraps are taken for Adélies more often than not.",
    },
    { type: "small_training_set", severity: "severe", note: "Fewer than eighty birds." },
    { type: "single_source_data", severity: "moderate", note: "One archipelago, three nesting seasons." },
    { type: "missing_values", severity: "moderate", note: "Needs both measurements." },
    { type: "closed_set", severity: "moderate", note: "Any other penguin becomes one of three." },
    { type: "old_data", severity: "minor", note: "Measured from 2007 to 2009." },
  ],
  dataOrigins: [
    {
      name: "Palmer penguins, two nesting pairs in nine",
      source: "npm vega-datasets 3.2.1 (Palmer Station LTER)",
      licence: "CC0-1.0",
      url: "https://allisonhorst.github.io/palmerpenguins/",
      use: "training",
      rows: 77,
    },
    {
      name: "Palmer penguins, five nesting pairs in nine",
      source: "npm vega-datasets 3.2.1 (Palmer Station LTER)",
      licence: "CC0-1.0",
      url: "https://allisonhorst.github.io/palmerpenguins/",
      use: "evaluation",
      rows: 189,
    },
  ],
  contributors: workshopContributors,
  parts: [
    { part: "weights", priceMinor: 1_200, pricing: "one_off", termMonths: null },
    { part: "training_data", priceMinor: 0, pricing: "free", termMonths: null },
  ],
  rights: everyRight,
  timeline: [
    {
      kind: "data_collected",
      from: "2007-01-01",
      to: "2009-12-31",
      text: "The birds were measured.",
      originator: "Palmer Station LTER",
    },
    {
      kind: "trained",
      from: trainedOn,
      text: "Trained on flipper length and body mass alone.",
      originator: workshop,
    },
  ],
  licence: "CC0-1.0",
  mayRedistributeFiles: true,
};
