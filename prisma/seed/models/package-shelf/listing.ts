import type { DemoModel } from "../demo-model";
import {
  atConfidence,
  collected,
  given,
  inSlice,
  minor,
  moderate,
  overAll,
  says,
  severe,
  slice,
  trained,
} from "../listing-terms";
import { workshopContributors } from "../workshop";
import { classes } from "./classes";

const origin = {
  source: "Debian package catalogue, kept as hashed counts",
  licence: "no single licence",
  url: "https://packages.debian.org/bookworm/",
};

export const listing: DemoModel = {
  slug: "package-shelf",
  title: "Software shelf from one line",
  oneLine:
    "You get the right shelf for little more than half of all packages, and graphics or system tools land almost anywhere. Packages that belong to a programming language are another matter: Rust, Perl, Haskell and Python it files well.",
  task: "text-classification",
  domain: "software",
  languages: ["en"],
  declaredLevel: "0.90",
  classes,
  runtime: "onnx",
  columns: {
    "up-to-4-words": "up to four words",
  },
  slices: [
    slice("Packages it calls Rust", says("rust"), atConfidence("0.5")),
    slice("Packages it calls Perl", says("perl"), atConfidence("0.6")),
    slice("Packages it calls Haskell", says("haskell"), atConfidence("0.6")),
    slice("Packages it calls Python", says("python"), atConfidence("0.7")),
    slice("Any answer it is sure of", atConfidence("0.7")),
    slice("Short lines", given("up to four words")),
    slice("Packages it calls graphics", says("graphics")),
    slice("Packages it calls system tools", says("admin")),
  ],
  limitations: [
    severe("low_overall_accuracy", "Little more than half of all packages are filed right.", overAll),
    severe("confuses_classes", "System tools, network, graphics and editors change places."),
    moderate(
      "short_input",
      "Lines of up to four words are filed right less than half the time.",
      inSlice("Short lines"),
    ),
    minor("language_coverage", "English descriptions only."),
    moderate("closed_set", "Every package goes to one of 24 shelves, known or not."),
    moderate("single_source_data", "Shelves and wording are Debian’s; another catalogue cuts differently."),
    minor(
      "unclear_data_rights",
      "The descriptions have no single licence; only hashed counts are handed on.",
    ),
  ],
  dataOrigins: [
    {
      ...origin,
      name: "Package descriptions of Debian 12, a fifth of the source packages",
      use: "training",
      rows: 2_027,
    },
    {
      ...origin,
      name: "Package descriptions of Debian 12, other source packages",
      use: "evaluation",
      rows: 5_998,
    },
  ],
  contributors: workshopContributors,
  parts: [
    { part: "weights", priceMinor: 8_900, pricing: "one_off", termMonths: null },
    { part: "training_data", priceMinor: 3_900, pricing: "one_off", termMonths: null },
  ],
  rights: { useCommercially: "yes", modify: "yes", redistribute: "yes", sublicense: "no" },
  timeline: [
    collected("2023-06-10", "Debian 12, whose catalogue this is, was released.", "Debian"),
    trained("Trained on up to 90 descriptions a shelf."),
  ],
  licence: "CC-BY-4.0",
  mayRedistributeFiles: true,
};
