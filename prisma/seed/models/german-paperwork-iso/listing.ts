import type { DemoModel } from "../demo-model";
import {
  atConfidence,
  collected,
  given,
  inSlice,
  moderate,
  overAll,
  severe,
  slice,
  trained,
} from "../listing-terms";
import { everyRight, workshopContributors } from "../workshop";
import { contract } from "./contract";

export const listing: DemoModel = {
  slug: "german-paperwork-iso",
  title: "German dates and amounts to ISO",
  oneLine:
    "It writes a German date or euro amount in ISO form and can do nothing else: no talk, no sentence, nothing before 1950 or in another currency. Give it one form at a time and take what it is sure of.",
  task: "text-generation",
  domain: "finance",
  languages: ["de"],
  declaredLevel: "0.95",
  classes: [],
  runtime: "bundle",
  contract,
  columns: {
    "month-name": "a month written out",
    "numeric-date": "a date in numbers with four digits of the year",
    "two-digit-year": "a date in numbers with two digits of the year",
    "words-before-date": "words before a date",
    "before-1950": "a year before 1950",
    euro: "an amount in euros",
    "no-cents": "an amount without cents",
    "swiss-amount": "an amount written the Swiss way",
    marks: "an amount in marks",
    "scale-word": "a word for thousands or millions",
  },
  slices: [
    slice("Answers it is sure of", atConfidence("0.9")),
    slice("Dates with the month written out", given("a month written out"), atConfidence("0.9")),
    slice("Dates in numbers", given("a date in numbers with four digits of the year"), atConfidence("0.9")),
    slice("Euro amounts", given("an amount in euros"), atConfidence("0.9")),
    slice("Words before a date", given("words before a date")),
    slice("Old dates", given("a year before 1950")),
    slice("Swiss amounts", given("an amount written the Swiss way")),
    slice("Amounts in millions", given("a word for thousands or millions")),
    slice("Amounts in marks", given("an amount in marks")),
  ],
  limitations: [
    severe("closed_set", "It cannot hold a conversation or read a sentence: one date or amount, one ISO form."),
  ],
  dataOrigins: [
    {
      name: "Written forms made by a program",
      source: "forms.py in this folder: days from 1950 to 2039 and euro amounts, drawn from a seed",
      licence: "Apache-2.0",
      use: "training",
      rows: 67_200,
    },
    {
      name: "Dates and amounts in German texts of Debian 12, and drawn ones as ICU writes them",
      source:
        "456 found in manuals, handbooks and quotations, 489 written by the German, Austrian and Swiss locales of Node 24.21.0; strings alone, no sentence",
      licence: "facts",
      url: "https://www.debian.org/releases/bookworm/",
      use: "evaluation",
      rows: 945,
    },
  ],
  contributors: workshopContributors,
  parts: [
    { part: "weights", priceMinor: 4_900, pricing: "one_off", termMonths: null },
    { part: "hosted_access", priceMinor: 12, pricing: "per_1000_calls", termMonths: 12 },
    { part: "evaluation_records", priceMinor: 1_500, pricing: "one_off", termMonths: null },
  ],
  rights: everyRight,
  timeline: [
    collected("2023-06-10", "Debian 12, whose German texts hold the dates and amounts, was released.", "Debian"),
    trained("Trained on forms that a program wrote, without any that it is judged on."),
  ],
  licence: "Apache-2.0",
  mayRedistributeFiles: true,
};
