import { expect, test } from "vitest";
import { mulberry32 } from "../training/random";
import { flagsOf, formsIn } from "./found-forms";
import { writtenAmount, writtenDate } from "./locale-forms";

const meanings = (text: string) => formsIn(text).map(({ iso }) => iso);

test.each([
  ["Fassung vom 7. Februar 1998, Seite 3", "1998-02-07"],
  ["Donnerstag, den 1. Jänner 1976", "1976-01-01"],
  ["am 3.Okt. 2004", "2004-10-03"],
  ["Stand: 05.11.2012", "2012-11-05"],
  ["Stand: 05.11.49", "2049-11-05"],
  ["Stand: 05.11.50", "1950-11-05"],
  ["es kostet 12.345,60 Euro.", "EUR 12345.60"],
  ["€ 80,-- im Monat", "EUR 80.00"],
  ["für DM 3,20", "DEM 3.20"],
  ["3 Mio. EUR", "EUR 3000000.00"],
])("what is written means one thing: %s", (text, meaning) => {
  expect(meanings(text)).toEqual([meaning]);
});

test.each([
  "Version 2.10.12 und 3.1.4",
  "31.02.2012",
  "13.13.2012",
  "EUR 2,000 and EUR 25.10",
  "1.23 EUR",
  "2,5 Mio. EUR",
  "Kapitel 3. Mai",
])("what is no date or amount, or may mean two, is left out: %s", (text) => {
  expect(meanings(text)).toEqual([]);
});

test("what a locale writes of a draw means what the rules read, wherever they read it", () => {
  const random = mulberry32(7);
  const drawn = Array.from({ length: 400 }, (_, at) => (at % 2 ? writtenDate : writtenAmount)(random));
  const read = drawn
    .map(({ text, iso }) => ({ iso, found: formsIn(text)[0]?.iso }))
    .filter(({ found }) => found);
  expect(read.length).toBeGreaterThan(250);
  expect(read.filter(({ iso, found }) => iso !== found)).toEqual([]);
});

test("how a form is written is seen without knowing what it means", () => {
  expect(flagsOf("Montag, 3. März 1931")).toEqual(["named-date", "words-before-date"]);
  expect(flagsOf("3. März 1831")).toEqual(["before-1900"]);
  expect(flagsOf("3. 4. 2001")).toEqual(["numeric-date"]);
  expect(flagsOf("EUR 1.234,50")).toEqual(["german-amount"]);
  expect(flagsOf("12,-- €")).toEqual(["german-amount"]);
  expect(flagsOf("EUR 1'234.50")).toEqual(["swiss-amount"]);
  expect(flagsOf("1,2 Mio. €")).toEqual(["scale-word"]);
});
