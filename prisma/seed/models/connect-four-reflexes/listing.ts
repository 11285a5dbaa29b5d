import type { DemoModel } from "../demo-model";
import {
  atConfidence,
  collected,
  coverage,
  given,
  inSlice,
  minor,
  moderate,
  severe,
  slice,
  trained,
} from "../listing-terms";
import { trainedOn, workshop } from "../workshop";

const origin = {
  source: "this repository, seeded games and exact solver",
  licence: "CC0-1.0",
};

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
  columns: {
    "must-block": "one threat to block and no win at hand",
    "can-win-now": "can win with this stone",
    quiet: "nobody can win with the next stone",
    "up-to-13-stones": "13 stones or fewer",
    "20-or-more-stones": "20 stones or more",
  },
  slices: [
    slice("It must block", given("one threat to block and no win at hand")),
    slice("It can win now", given("can win with this stone")),
    slice("Moves it is fairly sure of", atConfidence("0.65")),
    slice("Quiet positions", given("nobody can win with the next stone")),
    slice("Early positions", given("13 stones or fewer")),
    slice("Late positions", given("20 stones or more")),
  ],
  limitations: [
    severe(
      "looks_ahead_little",
      "It sees one stone ahead; traps of two and more it walks into.",
      inSlice("Quiet positions"),
    ),
    minor("synthetic_data", "Positions from seeded games, best moves from an exact solver."),
    severe("unusual_format", "One board size: six columns, five rows."),
    moderate("narrow_niche", "Urgent positions are under half of those it is judged on.", coverage),
    minor("closed_set", "It may name a full column; check before you play."),
  ],
  dataOrigins: [
    {
      ...origin,
      name: "Connect-four positions with exactly one best move, training games",
      use: "training",
      rows: 12_000,
    },
    {
      ...origin,
      name: "Connect-four positions with exactly one best move, other games",
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
    collected(trainedOn, "18,000 positions solved exactly.", workshop),
    trained("Trained on 12,000 positions above hand-drawn line detectors."),
  ],
  licence: "CC-BY-NC-4.0",
  mayRedistributeFiles: true,
};
