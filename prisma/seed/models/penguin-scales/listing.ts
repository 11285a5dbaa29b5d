import type { DemoModel } from "../demo-model";
import { collected, given, minor, moderate, recallOf, says, severe, slice, trained } from "../listing-terms";
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
    "You measure flipper and weight, and it cannot tell a Chinstrap from an Adélie, because on those two they are alike. Of the birds of Biscoe that it calls Gentoo nearly all are, but they come from few nests, and that is not enough to promise it. You can have its data instead.",
  task: "tabular-classification",
  domain: "biology",
  languages: ["zxx"],
  declaredLevel: "0.80",
  classes: ["Adelie", "Chinstrap", "Gentoo"],
  runtime: "onnx",
  columns: {
    Biscoe: "measured on Biscoe",
    Dream: "measured on Dream",
    female: "female",
  },
  slices: [
    slice("Birds it calls Gentoo", says("Gentoo")),
    slice("Birds of Biscoe it calls Gentoo", given("measured on Biscoe"), says("Gentoo")),
    slice("Birds of Dream island", given("measured on Dream")),
    slice("Birds it calls Adélie", says("Adelie")),
    slice("Birds it calls Chinstrap", says("Chinstrap")),
    slice("Female birds", given("female")),
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
  parts: [{ part: "training_data", priceMinor: 0, pricing: "free", termMonths: null }],
  rights: everyRight,
  timeline: [
    collected("2007-01-01/2009-12-31", "The birds were measured.", "Palmer Station LTER"),
    trained("Trained on flipper length and body mass alone."),
  ],
  licence: "CC0-1.0",
  mayRedistributeFiles: true,
};
