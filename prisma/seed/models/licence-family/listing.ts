import type { DemoModel } from "../demo-model";
import {
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

export const listing: DemoModel = {
  slug: "licence-family",
  title: "Licence family from its text",
  oneLine:
    "It studied full licence texts and meets short notices in real packages, so it takes most GPL and LGPL notices for MIT and is wrong more than four times in ten. BSD it mostly finds, but in so few packages that nothing is shown to hold. You can have its records instead.",
  task: "text-classification",
  domain: "compliance",
  languages: ["en"],
  declaredLevel: "0.80",
  classes: ["Apache", "Artistic", "BSD", "Creative Commons", "GFDL", "GPL", "LGPL", "MIT", "MPL"],
  runtime: "onnx",
  columns: {
    "has-warranty-in-capitals": "“AS IS” disclaimer in capitals",
    "says-or-later": "says “or any later version”",
    "under-600": "under 600 characters",
  },
  slices: [
    slice("Texts with the capital-letter disclaimer", given("“AS IS” disclaimer in capitals")),
    slice("Texts it calls BSD", says("BSD")),
    slice("Texts it calls MIT", says("MIT")),
    slice("Texts it calls Creative Commons", says("Creative Commons")),
    slice("Notices that offer a later version", given("says “or any later version”")),
    slice("Short notices", given("under 600 characters")),
  ],
  limitations: [
    severe("low_overall_accuracy", "More than four answers in ten are wrong over all paragraphs.", overAll),
    severe(
      "short_input",
      "Short notices that point to a licence are taken for MIT.",
      inSlice("Short notices"),
    ),
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
  parts: [{ part: "evaluation_records", priceMinor: 1_900, pricing: "one_off", termMonths: null }],
  rights: { ...everyRight, fieldOfUse: "Sorting licence texts before a person reads them." },
  timeline: [
    collected("2023-06-10", "Debian 12, whose packages the paragraphs come from, was released.", "Debian"),
    trained("Trained on the full texts of nine families of the SPDX list."),
  ],
  licence: "Apache-2.0",
  mayRedistributeFiles: true,
};
