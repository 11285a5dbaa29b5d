import { says, type DemoModel } from "../demo-model";
import {
  collected,
  minor,
  moderate,
  recallOf,
  severe,
  trained,
  whereItIsSure,
  whereItSays,
  whereMarked,
} from "../listing-terms";
import { everyRight, workshopContributors } from "../workshop";

const origin = {
  source: "npm vega-datasets 3.2.1 (Palmer Station LTER)",
  licence: "CC0-1.0",
  url: "https://allisonhorst.github.io/palmerpenguins/",
};

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
    whereItSays("gentoo", "Birds it calls Gentoo", "Gentoo"),
    {
      id: "biscoe-gentoo",
      name: "Birds of Biscoe it calls Gentoo",
      condition:
        "The bird was measured on Biscoe island and the model answers “Gentoo” at confidence 0.7 or more.",
      onInput: (flags) => flags.has("Biscoe"),
      onOutput: says("Gentoo", 0.7),
    },
    whereMarked("dream", "Birds of Dream island", "Dream", "The bird was measured on Dream island."),
    whereItSays("adelie", "Birds it calls Adélie", "Adelie"),
    whereItSays("chinstrap", "Birds it calls Chinstrap, fairly sure", "Chinstrap", 0.5),
    whereItIsSure("sure", "Any answer it is sure of", 0.9),
    whereMarked("female", "Female birds", "female", "The bird is female."),
  ],
  limitations: [
    severe(
      "confuses_classes",
      "Chinstraps are taken for Adélies more often than not.",
      recallOf("Chinstrap"),
    ),
    severe("small_training_set", "Fewer than eighty birds."),
    moderate("single_source_data", "One archipelago, three nesting seasons."),
    moderate("missing_values", "Needs both measurements."),
    moderate("closed_set", "Any other penguin becomes one of three."),
    minor("old_data", "Measured from 2007 to 2009."),
  ],
  dataOrigins: [
    { ...origin, name: "Palmer penguins, two nesting pairs in nine", use: "training", rows: 77 },
    { ...origin, name: "Palmer penguins, five nesting pairs in nine", use: "evaluation", rows: 189 },
  ],
  contributors: workshopContributors,
  parts: [
    { part: "weights", priceMinor: 1_200, pricing: "one_off", termMonths: null },
    { part: "training_data", priceMinor: 0, pricing: "free", termMonths: null },
  ],
  rights: everyRight,
  timeline: [
    collected("2007-01-01/2009-12-31", "The birds were measured.", "Palmer Station LTER"),
    trained("Trained on flipper length and body mass alone."),
  ],
  licence: "CC0-1.0",
  mayRedistributeFiles: true,
};
