import type { DemoModel } from "../demo-model";
import {
  atConfidence,
  belowConfidence,
  collected,
  given,
  inSlice,
  moderate,
  overAll,
  recallOf,
  says,
  severe,
  slice,
  trained,
} from "../listing-terms";
import { everyRight, workshopContributors } from "../workshop";

const origin = {
  source: "npm vega-datasets 3.2.1 (NOAA)",
  licence: "US Government work",
  url: "https://www.npmjs.com/package/vega-datasets",
};

export const listing: DemoModel = {
  slug: "weather-without-rain-gauge",
  title: "Seattle weather without a rain gauge",
  oneLine:
    "It knows thermometer and wind but no rain, never finds fog or drizzle, and names one day in three wrong. On 2013 its sunny days looked flawless; on 2014 and 2015 that did not hold well enough to promise. You can have its data and its records instead.",
  task: "tabular-classification",
  domain: "weather",
  languages: ["zxx"],
  declaredLevel: "0.80",
  classes: ["drizzle", "fog", "rain", "snow", "sun"],
  runtime: "onnx",
  columns: {
    summer: "June to August",
    winter: "December to February",
    autumn: "September to November",
    "below-freezing": "lowest temperature under 0 °C",
  },
  slices: [
    slice("Days it calls sunny, fairly sure", says("sun"), atConfidence("0.75")),
    slice("Summer days it calls sunny", given("June to August"), says("sun"), atConfidence("0.6")),
    slice("Days it calls rainy, sure", says("rain"), atConfidence("0.9")),
    slice(
      "Winter days it calls rainy, sure",
      given("December to February"),
      says("rain"),
      atConfidence("0.9"),
    ),
    slice("Days it is unsure of", belowConfidence("0.6")),
    slice("Any day it calls rainy", says("rain")),
    slice("Autumn days", given("September to November")),
    slice("Days with frost", given("lowest temperature under 0 °C")),
  ],
  limitations: [
    severe("class_never_predicted", "Of 80 foggy days it found none.", recallOf("fog")),
    severe("class_never_predicted", "Of 7 drizzly days it found none.", recallOf("drizzle")),
    moderate("low_overall_accuracy", "About one day in three is named wrong.", overAll),
    moderate("seasonal", "Autumn days go worse than summer days.", inSlice("Autumn days")),
    moderate("seasonal", "Days with frost go worse than others.", inSlice("Days with frost")),
    severe("single_source_data", "One station in one city."),
    severe("small_training_set", "The 366 days of 2012."),
    moderate("old_data", "Trained on 2012, judged on 2014 and 2015; nothing is known since."),
    moderate("not_for_regulated_use", "Not for warnings or safety."),
  ],
  dataOrigins: [
    { ...origin, name: "Seattle daily weather, 2012", use: "training", rows: 366 },
    { ...origin, name: "Seattle daily weather, 2014 and 2015", use: "evaluation", rows: 730 },
  ],
  contributors: workshopContributors,
  parts: [
    { part: "training_data", priceMinor: 900, pricing: "one_off", termMonths: null },
    { part: "evaluation_records", priceMinor: 1_200, pricing: "one_off", termMonths: null },
  ],
  rights: everyRight,
  timeline: [
    collected("2012-01-01/2012-12-31", "The days it was trained on.", "NOAA"),
    collected("2013-01-01/2013-12-31", "The days its slices were chosen on.", "NOAA"),
    collected("2014-01-01/2015-12-31", "The days its figures are measured on.", "NOAA"),
    trained("First attempt, trained on 2012; no slice held on 2014 and 2015."),
    trained(
      "Second attempt, simpler, chosen on 2013; without the rain gauge, which would give the answer away.",
    ),
  ],
  licence: "CC0-1.0",
  mayRedistributeFiles: true,
};
