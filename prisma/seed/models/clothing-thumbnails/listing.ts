import type { DemoModel } from "../demo-model";
import { atConfidence, collected, given, moderate, says, severe, slice, trained } from "../listing-terms";
import { everyRight, workshopContributors } from "../workshop";

const origin = {
  source: "Debian package dataset-fashion-mnist",
  licence: "MIT",
  url: "https://github.com/zalandoresearch/fashion-mnist",
};

export const listing: DemoModel = {
  slug: "clothing-thumbnails",
  title: "Clothing in 49 pixels",
  oneLine:
    "It sees a garment as 7 × 7 grey cells and cannot tell a shirt from a coat. Trousers and bags keep their shape even at that size: where it is sure of them it is dependable, and costs next to nothing.",
  task: "image-classification",
  domain: "fashion",
  languages: ["zxx"],
  declaredLevel: "0.95",
  classes: [
    "T-shirt",
    "trouser",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "ankle boot",
  ],
  runtime: "onnx",
  columns: {
    dim: "mean grey level under 90 of 255",
  },
  slices: [
    slice("Pictures it calls trousers", says("trouser"), atConfidence("0.9")),
    slice("Pictures it calls bags", says("bag"), atConfidence("0.95")),
    slice("Any answer it is very sure of", atConfidence("0.95")),
    slice("Pictures it calls shirts", says("shirt")),
    slice("Pictures it calls coats", says("coat")),
    slice("Pictures it calls pullovers", says("pullover")),
    slice("Dim pictures", given("mean grey level under 90 of 255")),
  ],
  limitations: [
    severe("low_resolution", "Sees 49 grey cells; collars, buttons and laces are gone."),
    severe("confuses_classes", "Shirt, T-shirt, pullover and coat change places."),
    moderate("closed_set", "Always answers one of ten garments."),
    severe("unusual_format", "Needs one centred garment, light on black, 28 × 28 grey pixels."),
    moderate("small_training_set", "1,200 pictures."),
    moderate("single_source_data", "One shop’s product photos of before 2018."),
  ],
  dataOrigins: [
    { ...origin, name: "Fashion-MNIST, training file", use: "training", rows: 1_200 },
    { ...origin, name: "Fashion-MNIST, test file", use: "evaluation", rows: 4_000 },
  ],
  contributors: workshopContributors,
  parts: [
    { part: "weights", priceMinor: 2_900, pricing: "one_off", termMonths: null },
    { part: "hosted_access", priceMinor: 5, pricing: "per_1000_calls", termMonths: 12 },
  ],
  rights: everyRight,
  timeline: [
    collected("2017-08-25", "Fashion-MNIST was published.", "Zalando Research"),
    trained("Trained on the first 1,200 pictures of the training file, shrunk to 7 × 7."),
  ],
  licence: "MIT",
  mayRedistributeFiles: true,
};
