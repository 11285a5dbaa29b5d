import { isSure, says, type DemoModel } from "../demo-model";
import { everyRight, trainedOn, workshop, workshopContributors } from "../workshop";

export const listing: DemoModel = {
  slug: "clothing-thumbnails",
  title: "Clothing in 49 pixels",
  oneLine:
    "It sees a garment as 7 × 7 grey cells and cannot tell a shirt from a coat. Trousers, bags and shoes keep their shape even at that size, and there it is dependable and costs next to nothing.",
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
  slices: [
    {
      id: "trouser",
      name: "Pictures it calls trousers",
      condition: "The model answers “trouser” at confidence 0.9 or more.",
      onOutput: says("trouser", 0.9),
    },
    {
      id: "bag",
      name: "Pictures it calls bags",
      condition: "The model answers “bag” at confidence 0.9 or more.",
      onOutput: says("bag", 0.9),
    },
    {
      id: "sneaker",
      name: "Pictures it calls sneakers",
      condition: "The model answers “sneaker” at confidence 0.9 or more.",
      onOutput: says("sneaker", 0.9),
    },
    {
      id: "very-sure",
      name: "Any answer it is very sure of",
      condition: "The model answers at confidence 0.95 or more.",
      onOutput: isSure(0.95),
    },
    {
      id: "shirt",
      name: "Pictures it calls shirts",
      condition: "The model answers “shirt”.",
      onOutput: says("shirt"),
    },
    {
      id: "coat",
      name: "Pictures it calls coats",
      condition: "The model answers “coat”.",
      onOutput: says("coat"),
    },
    {
      id: "dim",
      name: "Dim pictures",
      condition: "The garment’s mean grey level is under 90 of 255.",
      onInput: (flags) => flags.has("dim"),
    },
    {
      id: "boot",
      name: "Pictures it calls ankle boots, very sure",
      condition: "The model answers “ankle boot” at confidence 0.95 or more.",
      onOutput: says("ankle boot", 0.95),
    },
    {
      id: "pullover-sure",
      name: "Pictures it calls pullovers, sure",
      condition: "The model answers “pullover” at confidence 0.8 or more.",
      onOutput: says("pullover", 0.8),
    },
  ],
  limitations: [
    {
      type: "low_resolution",
      severity: "severe",
      note: "Sees 49 grey cells; collars, buttons and laces are gone.",
    },
    {
      type: "confuses_classes",
      severity: "severe",
      note: "Shirt, T-shirt, pullover and coat change places.",
    },
    { type: "closed_set", severity: "moderate", note: "Always answers one of ten garments." },
    {
      type: "unusual_format",
      severity: "severe",
      note: "Needs one centred garment, light on black, 28 × 28 grey pixels.",
    },
    { type: "small_training_set", severity: "moderate", note: "1,200 pictures." },
    { type: "single_source_data", severity: "moderate", note: "One shop’s product photos of before 2018." },
  ],
  dataOrigins: [
    {
      name: "Fashion-MNIST, training file",
      source: "Debian package dataset-fashion-mnist",
      licence: "MIT",
      url: "https://github.com/zalandoresearch/fashion-mnist",
      use: "training",
      rows: 1_200,
    },
    {
      name: "Fashion-MNIST, test file",
      source: "Debian package dataset-fashion-mnist",
      licence: "MIT",
      url: "https://github.com/zalandoresearch/fashion-mnist",
      use: "evaluation",
      rows: 4_000,
    },
  ],
  contributors: workshopContributors,
  parts: [
    { part: "weights", priceMinor: 2_900, pricing: "one_off", termMonths: null },
    { part: "hosted_access", priceMinor: 5, pricing: "per_1000_calls", termMonths: 12 },
  ],
  rights: everyRight,
  timeline: [
    {
      kind: "data_collected",
      from: "2017-08-25",
      text: "Fashion-MNIST was published.",
      originator: "Zalando Research",
    },
    {
      kind: "trained",
      from: trainedOn,
      text: "Trained on the first 1,200 pictures of the training file, shrunk to 7 × 7.",
      originator: workshop,
    },
  ],
  licence: "MIT",
  mayRedistributeFiles: true,
};
