import { isSure, says, type DemoModel } from "../demo-model";
import { everyRight, trainedOn, workshop, workshopContributors } from "../workshop";

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
    {
      id: "sure",
      name: "Answers it is sure of",
      condition: "The model answers at confidence 0.7 or more.",
      onOutput: isSure(0.7),
    },
    {
      id: "capital-warranty",
      name: "Texts with the capital-letter disclaimer, fairly sure",
      condition:
        "The text has the “AS IS” disclaimer in capitals and the model answers at confidence 0.6 or more.",
      onInput: (flags) => flags.has("has-warranty-in-capitals"),
      onOutput: isSure(0.6),
    },
    {
      id: "mit-sure",
      name: "Texts it calls MIT, sure",
      condition: "The model answers “MIT” at confidence 0.8 or more.",
      onOutput: says("MIT", 0.8),
    },
    {
      id: "bsd",
      name: "Texts it calls BSD, fairly sure",
      condition: "The model answers “BSD” at confidence 0.6 or more.",
      onOutput: says("BSD", 0.6),
    },
    {
      id: "later-version",
      name: "Notices that say “or any later version”",
      condition: "The text offers a later version of the licence.",
      onInput: (flags) => flags.has("says-or-later"),
    },
    {
      id: "short",
      name: "Notices under 600 characters",
      condition: "The text has fewer than 600 characters.",
      onInput: (flags) => flags.has("under-600"),
    },
    {
      id: "mit-any",
      name: "Any text it calls MIT",
      condition: "The model answers “MIT”.",
      onOutput: says("MIT"),
    },
    {
      id: "creative-commons",
      name: "Texts it calls Creative Commons",
      condition: "The model answers “Creative Commons”.",
      onOutput: says("Creative Commons"),
    },
  ],
  limitations: [
    {
      type: "low_overall_accuracy",
      severity: "severe",
      note: "More than four answers in ten are wrong over all paragraphs.",
    },
    {
      type: "short_input",
      severity: "severe",
      note: "Short notices that point to a licence are taken for MIT.",
    },
    {
      type: "low_recall",
      severity: "severe",
      note: "Three GPL notices in four and nearly all LGPL notices are missed.",
    },
    {
      type: "closed_set",
      severity: "moderate",
      note: "Nine families; any other licence is forced into one of them.",
    },
    { type: "small_training_set", severity: "severe", note: "191 texts, and three of them Apache." },
    {
      type: "not_for_regulated_use",
      severity: "severe",
      note: "Not legal advice and no substitute for a licence scan.",
    },
    { type: "human_review_needed", severity: "moderate", note: "Use it to sort a pile, not to clear it." },
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
    {
      kind: "data_collected",
      from: "2023-06-10",
      text: "Debian 12, whose packages the paragraphs come from, was released.",
      originator: "Debian",
    },
    {
      kind: "trained",
      from: trainedOn,
      text: "Trained on the full texts of nine families of the SPDX list.",
      originator: workshop,
    },
  ],
  licence: "Apache-2.0",
  mayRedistributeFiles: true,
};
