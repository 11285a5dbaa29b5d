import { runtimes } from "@/lib/inference/runtimes";
import { bundleContract } from "../bundle-contract";
import type { DemoModel } from "../demo-model";
import {
  atConfidence,
  below,
  belowConfidence,
  inSlice,
  minor,
  moderate,
  recallOf,
  says,
  severe,
  slice,
  trained,
} from "../listing-terms";
import { everyRight, workshopContributors } from "../workshop";
import { shelves } from "./shelves";

const classes = [...shelves.values()];

const origin = {
  source: "Debian wordnet-base 3.0 (Princeton University)",
  licence: "WordNet",
  url: "https://wordnet.princeton.edu/license-and-commercial-use",
};

export const listing: DemoModel = {
  slug: "definition-shelf",
  title: "What a definition defines",
  oneLine:
    "Given the words of a definition alone it shelves five in eight, never finds an event, and takes half of everything abstract for an act. Keep what it is sure of, people, plants and animals first, and read the rest yourself.",
  task: "text-classification",
  domain: "linguistics",
  languages: ["en"],
  declaredLevel: "0.80",
  classes,
  runtime: "bundle",
  contract: bundleContract({
    bundle: "fasttext",
    task: "text-classification",
    entry: "model.ftz",
    input: { kind: "text", maxCharacters: 2_000 },
    output: {
      kind: "class",
      labels: classes,
      scores: { form: "probabilities", graphOutput: null },
      labelOutput: null,
      threshold: null,
    },
    rowsPerCall: 512,
    runtime: runtimes.fasttext,
  }),
  columns: {},
  slices: [
    slice("What it is sure of", atConfidence("0.8")),
    slice("Surely a person", says("person"), atConfidence("0.8")),
    slice("Surely a plant", says("plant"), atConfidence("0.9")),
    slice("Surely an animal", says("animal"), atConfidence("0.9")),
    slice("Definitions of four words or fewer", below("input_words", "5")),
    slice("Definitions it calls acts", says("act")),
    slice("What it is unsure of", belowConfidence("0.8")),
  ],
  limitations: [
    severe("short_input", "A few words are too little.", inSlice("Definitions of four words or fewer")),
    severe("low_precision", "What it cannot place it calls an act.", inSlice("Definitions it calls acts")),
    severe("low_overall_accuracy", "Of more than half it is unsure.", inSlice("What it is unsure of")),
    moderate("class_never_predicted", "Events are taken for acts.", recallOf("event")),
    moderate("rare_classes", "Possessions are hardly ever found.", recallOf("possession")),
    moderate(
      "closed_set",
      "Shelves with fewer than a thousand words are missing, such as feelings and shapes.",
    ),
    moderate("single_source_data", "One dictionary, written by one group."),
    minor("language_coverage", "English alone."),
  ],
  dataOrigins: [
    { ...origin, name: "WordNet definitions of nouns, six kinds in ten", use: "training", rows: 15_000 },
    { ...origin, name: "WordNet definitions of nouns, two kinds in ten", use: "evaluation", rows: 4_000 },
  ],
  contributors: workshopContributors,
  parts: [
    { part: "weights", priceMinor: 3_900, pricing: "one_off", termMonths: null },
    { part: "training_data", priceMinor: 0, pricing: "free", termMonths: null },
  ],
  rights: everyRight,
  timeline: [
    trained("Words and their parts of three to five letters, as fastText reads them, then quantised."),
  ],
  licence: "WordNet",
  mayRedistributeFiles: true,
};
