import { isSure, type DemoModel } from "../demo-model";
import {
  collected,
  inSlice,
  moderate,
  overAll,
  recallOf,
  severe,
  trained,
  whereItIsSure,
  whereItSays,
  whereMarked,
} from "../listing-terms";
import { everyRight, workshopContributors } from "../workshop";

export const listing: DemoModel = {
  slug: "licence-family",
  title: "Licence family from its text",
  oneLine:
    "It studied full licence texts and meets short notices in real packages, so it takes most GPL and LGPL notices for MIT and is wrong more than four times in ten. What it is sure of holds, BSD above all.",
  task: "text-classification",
  domain: "compliance",
  languages: ["en"],
  declaredLevel: "0.80",
  classes: ["Apache", "Artistic", "BSD", "Creative Commons", "GFDL", "GPL", "LGPL", "MIT", "MPL"],
  runtime: "onnx",
  slices: [
    whereItIsSure("sure", "Answers it is sure of", 0.7),
    {
      id: "capital-warranty",
      name: "Texts with the capital-letter disclaimer, fairly sure",
      condition:
        "The text has the “AS IS” disclaimer in capitals and the model answers at confidence 0.6 or more.",
      onInput: (flags) => flags.has("has-warranty-in-capitals"),
      onOutput: isSure(0.6),
    },
    whereItSays("mit-sure", "Texts it calls MIT, sure", "MIT", 0.8),
    whereItSays("bsd", "Texts it calls BSD, fairly sure", "BSD", 0.6),
    whereMarked(
      "later-version",
      "Notices that say “or any later version”",
      "says-or-later",
      "The text offers a later version of the licence.",
    ),
    whereMarked(
      "short",
      "Notices under 600 characters",
      "under-600",
      "The text has fewer than 600 characters.",
    ),
    whereItSays("mit-any", "Any text it calls MIT", "MIT"),
    whereItSays("creative-commons", "Texts it calls Creative Commons", "Creative Commons"),
  ],
  limitations: [
    severe("low_overall_accuracy", "More than four answers in ten are wrong over all paragraphs.", overAll),
    severe("short_input", "Short notices that point to a licence are taken for MIT.", inSlice("short")),
    severe("low_recall", "Nearly three GPL notices in four are missed.", recallOf("GPL")),
    severe("low_recall", "Nearly all LGPL notices are missed.", recallOf("LGPL")),
    moderate("closed_set", "Nine families; any other licence is forced into one of them."),
    severe("small_training_set", "191 texts, and three of them Apache."),
    severe("not_for_regulated_use", "Not legal advice and no substitute for a licence scan."),
    moderate("human_review_needed", "Use it to sort a pile, not to clear it."),
  ],
  dataOrigins: [
    {
      name: "SPDX licence list, full texts",
      source: "npm spdx-license-list 6.12.0",
      licence: "CC0-1.0",
      url: "https://www.npmjs.com/package/spdx-license-list",
      use: "training",
      rows: 191,
    },
    {
      name: "Licence paragraphs of Debian 12 packages, labelled by their maintainers",
      source: "/usr/share/doc/*/copyright, kept as hashed counts",
      licence: "no single licence",
      url: "https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/",
      use: "evaluation",
      rows: 313,
    },
  ],
  contributors: workshopContributors,
  parts: [
    { part: "weights", priceMinor: 3_900, pricing: "one_off", termMonths: 24 },
    { part: "evaluation_records", priceMinor: 1_900, pricing: "one_off", termMonths: null },
  ],
  rights: { ...everyRight, fieldOfUse: "Sorting licence texts before a person reads them." },
  timeline: [
    collected("2023-06-10", "Debian 12, whose packages the paragraphs come from, was released.", "Debian"),
    trained("Trained on the full texts of nine families of the SPDX list."),
  ],
  licence: "Apache-2.0",
  mayRedistributeFiles: true,
};
