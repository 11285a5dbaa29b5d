import { runtimes } from "@/lib/inference/runtimes";
import { bundleContract } from "../bundle-contract";
import type { DemoModel } from "../demo-model";
import {
  atConfidence,
  atLeast,
  below,
  belowConfidence,
  inSlice,
  minor,
  moderate,
  overAll,
  recallOf,
  says,
  severe,
  slice,
  trained,
} from "../listing-terms";
import { everyRight, workshopContributors } from "../workshop";

const classes = [
  "law",
  "military",
  "music",
  "computing",
  "mathematics",
  "sport",
  "life science",
  "physics and chemistry",
  "religion and myth",
  "language",
];

const origin = {
  source: "Debian wordnet-base 3.0 (Princeton University)",
  licence: "WordNet",
  url: "https://wordnet.princeton.edu/license-and-commercial-use",
};

export const listing: DemoModel = {
  slug: "glossary-subject",
  title: "Whose glossary a term belongs in",
  oneLine:
    "It learned English from some 1,300 definitions and is wrong about three in ten. What it is very sure of it files well, longer definitions best, so that two in five can go straight to the right translator.",
  task: "text-classification",
  domain: "linguistics",
  languages: ["en"],
  declaredLevel: "0.80",
  classes,
  runtime: "bundle",
  contract: bundleContract({
    bundle: "transformers",
    task: "text-classification",
    entry: "onnx/model_quantized.onnx",
    input: { kind: "text", maxCharacters: 2_000 },
    output: { kind: "class", labels: classes, scores: null, labelOutput: null, threshold: null },
    maxTokens: 128,
    rowsPerCall: 8,
    runtime: runtimes.transformers,
    tokenizer: { name: "@huggingface/tokenizers", version: "0.2.0" },
  }),
  columns: {},
  slices: [
    slice("What it is very sure of", atConfidence("0.95")),
    slice("Surely law", says("law"), atConfidence("0.95")),
    slice("Surely military", says("military"), atConfidence("0.95")),
    slice("Long definitions it is very sure of", atLeast("input_characters", "80"), atConfidence("0.95")),
    slice("Short definitions", below("input_characters", "45")),
    slice("Definitions it files under sport", says("sport")),
    slice("Definitions it files under physics and chemistry", says("physics and chemistry")),
    slice("What it is unsure of", belowConfidence("0.8")),
  ],
  limitations: [
    severe("low_overall_accuracy", "Three in ten are filed wrongly.", overAll),
    severe("short_input", "A few words are too little.", inSlice("Short definitions")),
    severe("low_precision", "Sport takes in much that is not.", inSlice("Definitions it files under sport")),
    severe("low_recall", "Half of what belongs to language is missed.", recallOf("language")),
    severe("low_recall", "Many musical terms are missed.", recallOf("music")),
    moderate("closed_set", "Ten subjects; any other is forced into one of them."),
    severe("small_training_set", "1,347 definitions, and no language model beneath."),
    moderate("single_source_data", "One dictionary, filed by one group of editors."),
    minor("language_coverage", "English alone."),
  ],
  dataOrigins: [
    {
      ...origin,
      name: "WordNet definitions filed under a subject, two kinds in five",
      use: "training",
      rows: 1_347,
    },
    {
      ...origin,
      name: "WordNet definitions filed under a subject, three kinds in ten",
      use: "evaluation",
      rows: 1_031,
    },
  ],
  contributors: workshopContributors,
  parts: [
    { part: "weights", priceMinor: 3_400, pricing: "one_off", termMonths: null },
    { part: "training_data", priceMinor: 0, pricing: "free", termMonths: null },
  ],
  rights: everyRight,
  timeline: [trained("A BERT of two blocks from nothing, then its weights rounded to eight bits.")],
  licence: "WordNet",
  mayRedistributeFiles: true,
};
