import { isSure, says, type DemoModel } from "../demo-model";
import { trainedOn, workshop, workshopContributors } from "../workshop";
import { classes } from "./classes";

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
  slices: [
    {
      id: "rust",
      name: "Packages it calls Rust",
      condition: "The model answers “rust” at confidence 0.7 or more.",
      onOutput: says("rust", 0.7),
    },
    {
      id: "perl",
      name: "Packages it calls Perl",
      condition: "The model answers “perl” at confidence 0.7 or more.",
      onOutput: says("perl", 0.7),
    },
    {
      id: "haskell",
      name: "Packages it calls Haskell",
      condition: "The model answers “haskell” at confidence 0.7 or more.",
      onOutput: says("haskell", 0.7),
    },
    {
      id: "python",
      name: "Packages it calls Python",
      condition: "The model answers “python” at confidence 0.7 or more.",
      onOutput: says("python", 0.7),
    },
    {
      id: "very-sure",
      name: "Any answer it is very sure of",
      condition: "The model answers at confidence 0.9 or more.",
      onOutput: isSure(0.9),
    },
    {
      id: "few-words",
      name: "Lines of up to four words",
      condition: "The description has at most four words.",
      onInput: (flags) => flags.has("up-to-4-words"),
    },
    {
      id: "graphics",
      name: "Packages it calls graphics",
      condition: "The model answers “graphics”.",
      onOutput: says("graphics"),
    },
    {
      id: "admin",
      name: "Packages it calls system tools",
      condition: "The model answers “admin”.",
      onOutput: says("admin"),
    },
    {
      id: "php-sure",
      name: "Packages it calls PHP, fairly sure",
      condition: "The model answers “php” at confidence 0.5 or more.",
      onOutput: says("php", 0.5),
    },
  ],
  limitations: [
    {
      type: "low_overall_accuracy",
      severity: "severe",
      note: "Little more than half of all packages are filed right.",
    },
    {
      type: "confuses_classes",
      severity: "severe",
      note: "System tools, network, graphics and editors change places.",
    },
    {
      type: "short_input",
      severity: "moderate",
      note: "Lines of up to four words are filed right less than half the time.",
    },
    { type: "language_coverage", severity: "minor", note: "English descriptions only." },
    {
      type: "closed_set",
      severity: "moderate",
      note: "Every package goes to one of 24 shelves, known or not.",
    },
    {
      type: "single_source_data",
      severity: "moderate",
      note: "Shelves and wording are Debian’s; another catalogue cuts differently.",
    },
    {
      type: "unclear_data_rights",
      severity: "minor",
      note: "The descriptions have no single licence; only hashed counts are handed on.",
    },
  ],
  dataOrigins: [
    {
      name: "Package descriptions of Debian 12, a fifth of the source packages",
      source: "Debian package catalogue, kept as hashed counts",
      licence: "no single licence",
      url: "https://packages.debian.org/bookworm/",
      use: "training",
      rows: 2_027,
    },
    {
      name: "Package descriptions of Debian 12, other source packages",
      source: "Debian package catalogue, kept as hashed counts",
      licence: "no single licence",
      url: "https://packages.debian.org/bookworm/",
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
    {
      kind: "data_collected",
      from: "2023-06-10",
      text: "Debian 12, whose catalogue this is, was released.",
      originator: "Debian",
    },
    {
      kind: "trained",
      from: trainedOn,
      text: "Trained on up to 90 descriptions a shelf.",
      originator: workshop,
    },
  ],
  licence: "CC-BY-4.0",
  mayRedistributeFiles: true,
};
