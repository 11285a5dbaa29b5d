import type { DemoModel } from "../demo-model";
import { collected, given, inSlice, moderate, severe, slice, trained } from "../listing-terms";
import { everyRight, workshopContributors } from "../workshop";
import { contract } from "./contract";

export const listing: DemoModel = {
  slug: "german-paperwork-iso",
  title: "German dates and amounts to ISO",
  oneLine:
    "It cannot hold a conversation, and turns marks, millions and Swiss amounts into nonsense. Give it one German date from 1900 on, or one amount in euros, and it writes the ISO form, nearly always right.",
  task: "text-generation",
  domain: "finance",
  languages: ["de"],
  declaredLevel: "0.90",
  classes: [],
  runtime: "bundle",
  contract,
  columns: {
    "named-date": "a month written out and a year from 1900 on",
    "numeric-date": "a date in numbers, with a year from 1900 on in four digits",
    "german-amount": "an amount in euros as Germany writes it",
    "words-before-date": "words before a date",
    "other-month-name": "a shortened or Austrian month",
    "before-1900": "a year before 1900",
    "swiss-amount": "an amount written the Swiss way",
    marks: "an amount in marks",
    "scale-word": "a word for thousands or millions",
  },
  slices: [
    slice("Dates with the month written out", given("a month written out and a year from 1900 on")),
    slice("Dates in numbers", given("a date in numbers, with a year from 1900 on in four digits")),
    slice("German amounts", given("an amount in euros as Germany writes it")),
    slice("Words before a date", given("words before a date")),
    slice("Old dates", given("a year before 1900")),
    slice("Swiss amounts", given("an amount written the Swiss way")),
    slice("Amounts in millions", given("a word for thousands or millions")),
    slice("Amounts in marks", given("an amount in marks")),
    slice("Shortened and Austrian months", given("a shortened or Austrian month")),
  ],
  limitations: [
    severe(
      "closed_set",
      "It says a date or an amount whatever it is given; marks become euros.",
      inSlice("Amounts in marks"),
    ),
    severe(
      "unusual_format",
      "A year before 1900 becomes one of this century or the last.",
      inSlice("Old dates"),
    ),
    severe(
      "unusual_format",
      "It takes the Swiss point before cents for that of thousands, and loses digits at an apostrophe.",
      inSlice("Swiss amounts"),
    ),
    severe("unusual_format", "It does not know what a million is.", inSlice("Amounts in millions")),
    severe("overconfident", "It is often as sure of a wrong month or amount as of a right one."),
    severe("mixed_content", "One date or amount at a time. It reads no sentence and holds no conversation."),
    moderate(
      "dialects",
      "Jänner becomes March, and months shortened without a point are guessed.",
      inSlice("Shortened and Austrian months"),
    ),
    moderate("language_coverage", "German only."),
    moderate("synthetic_data", "All that it learned from was written by a program."),
    moderate("long_input", "More than 200 characters are refused."),
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
      licence: "dates and amounts alone, which nobody owns",
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
    collected(
      "2023-06-10",
      "Debian 12, whose German texts hold the dates and amounts, was released.",
      "Debian",
    ),
    trained("Trained on forms that a program wrote, without any that it is judged on."),
  ],
  licence: "Apache-2.0",
  mayRedistributeFiles: true,
};
