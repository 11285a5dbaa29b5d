import { runtimes } from "@/lib/inference/runtimes";
import { bundleContract } from "../bundle-contract";
import type { DemoModel } from "../demo-model";
import {
  atConfidence,
  atLeast,
  below,
  fieldIs,
  given,
  inSlice,
  moderate,
  overAll,
  says,
  severe,
  slice,
  trained,
} from "../listing-terms";
import { everyRight, workshopContributors } from "../workshop";

const classes = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
const printed = "printed type, with or without serifs";
const written = "written or ornamental letter";
const tilted = "turned by 10° to 35°";
const darkOnLight = atLeast("image_brightness", "128");

const origin = {
  source: "Debian 12 font packages, drawn here",
  licence: "no single licence; pictures of letters are no copy of a font",
  url: "https://packages.debian.org/bookworm/fonts/",
};

export const listing: DemoModel = {
  slug: "printed-capitals",
  title: "Capitals in print, upright and dark on light",
  oneLine:
    "It knows six book faces and nothing else: white on black, tilted or written by hand, it mostly guesses. Upright print in dark on light it reads even in designs it never saw.",
  task: "image-classification",
  domain: "media",
  languages: ["zxx"],
  declaredLevel: "0.80",
  classes,
  runtime: "bundle",
  contract: bundleContract({
    bundle: "transformers",
    task: "image-classification",
    entry: "onnx/model.onnx",
    input: { kind: "image" },
    output: { kind: "class", labels: classes, scores: null, labelOutput: null, threshold: null },
    rowsPerCall: 8,
    runtime: runtimes.transformers,
  }),
  columns: {
    "plain type": printed,
    "written or ornamental": written,
    slanted: "italic or oblique",
    bold: "bold",
    tilted,
  },
  slices: [
    slice(
      "Upright print, dark on light",
      darkOnLight,
      given(printed),
      fieldIs(tilted, "false"),
      atConfidence("0.6"),
    ),
    slice("Bold letters", given("bold"), atConfidence("0.5")),
    slice("Pictures it calls X", says("X")),
    slice("White on black", below("image_brightness", "128")),
    slice("Tilted letters", given(tilted)),
    slice("Written and ornamental letters", given(written)),
    slice("Pictures it calls W", says("W")),
  ],
  limitations: [
    severe("unusual_format", "White on black it cannot read.", inSlice("White on black")),
    severe("noisy_input", "A tilt of ten degrees or more upsets it.", inSlice("Tilted letters")),
    severe("low_precision", "What it cannot place it often calls W, B or R.", inSlice("Pictures it calls W")),
    severe("low_overall_accuracy", "A third of all pictures is misread.", overAll),
    moderate("closed_set", "Twenty-six capitals: no digits, small letters or accents."),
    severe("small_training_set", "468 pictures of six designs."),
    moderate("synthetic_data", "Every picture was drawn from a font, none was scanned."),
    moderate("low_resolution", "Sees 32 × 32 pixels, one letter at a time."),
  ],
  dataOrigins: [
    { ...origin, name: "Capitals of six book faces", use: "training", rows: 468 },
    { ...origin, name: "Capitals of 65 other designs", use: "evaluation", rows: 2_329 },
  ],
  contributors: workshopContributors,
  parts: [
    { part: "weights", priceMinor: 2_400, pricing: "one_off", termMonths: null },
    { part: "hosted_access", priceMinor: 6, pricing: "per_1000_calls", termMonths: 12 },
  ],
  rights: everyRight,
  timeline: [trained("A ResNet of three basic layers from nothing, each picture moved by up to two pixels.")],
  licence: "Apache-2.0",
  mayRedistributeFiles: true,
};
