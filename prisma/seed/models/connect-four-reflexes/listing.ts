import { isSure, type DemoModel } from "../demo-model";
import { trainedOn, workshop } from "../workshop";

export const listing: DemoModel = {
  slug: "connect-four-reflexes",
  title: "Connect-four reflexes, 6 × 5 board",
  oneLine:
    "It wins when it can and blocks when it must, and has no plan beyond that: where nothing is urgent it misses the best move more often than it finds it. Good for a beginner’s opponent or a hint button, useless as a player.",
  task: "reinforcement-learning",
  domain: "games",
  languages: ["zxx"],
  declaredLevel: "0.90",
  classes: ["column 1", "column 2", "column 3", "column 4", "column 5", "column 6"],
  runtime: "onnx",
  slices: [
    {
      id: "block",
      name: "It must block",
      condition: "The other side threatens to win in exactly one column and the mover cannot win at once.",
      onInput: (flags) => flags.has("must-block"),
    },
    {
      id: "win",
      name: "It can win now",
      condition: "The mover can make four with this stone.",
      onInput: (flags) => flags.has("can-win-now"),
    },
    {
      id: "sure",
      name: "Moves it is sure of",
      condition: "The model answers at confidence 0.8 or more.",
      onOutput: isSure(0.8),
    },
    {
      id: "quiet",
      name: "Quiet positions",
      condition: "Nobody can win with the next stone.",
      onInput: (flags) => flags.has("quiet"),
    },
    {
      id: "early",
      name: "Up to 13 stones",
      condition: "At most 13 stones lie on the board.",
      onInput: (flags) => flags.has("up-to-13-stones"),
    },
    {
      id: "late",
      name: "20 stones or more",
      condition: "20 stones or more lie on the board.",
      onInput: (flags) => flags.has("20-or-more-stones"),
    },
    {
      id: "quiet-sure",
      name: "Quiet positions, sure",
      condition: "Nobody can win with the next stone and the model answers at confidence 0.7 or more.",
      onInput: (flags) => flags.has("quiet"),
      onOutput: isSure(0.7),
    },
  ],
  limitations: [
    {
      type: "looks_ahead_little",
      severity: "severe",
      note: "It sees one stone ahead; traps of two and more it walks into.",
    },
    {
      type: "synthetic_data",
      severity: "minor",
      note: "Positions from seeded games, best moves from an exact solver.",
    },
    { type: "unusual_format", severity: "severe", note: "One board size: six columns, five rows." },
    {
      type: "narrow_niche",
      severity: "moderate",
      note: "Urgent positions are under half of those it is judged on.",
    },
    { type: "closed_set", severity: "minor", note: "It may name a full column; check before you play." },
  ],
  dataOrigins: [
    {
      name: "Connect-four positions with exactly one best move, training games",
      source: "this repository, seeded games and exact solver",
      licence: "CC0-1.0",
      use: "training",
      rows: 12_000,
    },
    {
      name: "Connect-four positions with exactly one best move, other games",
      source: "this repository, seeded games and exact solver",
      licence: "CC0-1.0",
      use: "evaluation",
      rows: 4_000,
    },
  ],
  contributors: [
    {
      name: "Offcut demo workshop",
      role: "Drew the detectors and trained the network",
      shareBasisPoints: 6_000,
    },
    {
      name: "Offcut demo data desk",
      role: "Wrote the solver and labelled the positions",
      shareBasisPoints: 4_000,
    },
  ],
  parts: [
    { part: "weights", priceMinor: 1_500, pricing: "one_off", termMonths: null },
    { part: "training_data", priceMinor: 4_500, pricing: "one_off", termMonths: null },
    { part: "attribution_rights", priceMinor: 500, pricing: "one_off", termMonths: null },
  ],
  rights: {
    useCommercially: "no",
    modify: "yes",
    redistribute: "yes",
    sublicense: "no",
    fieldOfUse: "Games and teaching.",
  },
  timeline: [
    {
      kind: "data_collected",
      from: trainedOn,
      text: "18,000 positions solved exactly.",
      originator: workshop,
    },
    {
      kind: "trained",
      from: trainedOn,
      text: "Trained on 12,000 positions above hand-drawn line detectors.",
      originator: workshop,
    },
  ],
  licence: "CC-BY-NC-4.0",
  mayRedistributeFiles: true,
};
