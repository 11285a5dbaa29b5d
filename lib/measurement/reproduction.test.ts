import { expect, test } from "vitest";
import { summariseEvaluation } from "./evaluation";
import { conditionWords } from "./condition";
import { columnSlice, columnValues } from "./slice";
import { type Run, isReproduced, runsAgree } from "./reproduction";

const short = columnSlice("short", "true");
const long = columnSlice("long", "true");

/** `n` rows, all in the named slice, `right` of them right. */
function summaryOf(n: number, right: number, slices = [short]) {
  const rows = Array.from({ length: n }, (_, index) => ({
    label: index % 2 ? "a" : "b",
    prediction: index < right ? (index % 2 ? "a" : "b") : "wrong",
    columns: columnValues(slices.map(({ condition }) => [conditionWords(condition), "true"])),
  }));
  return summariseEvaluation(rows, slices, 0.8);
}

const run = (evaluatorId: string | null, right: number, isSellers = false): Run => ({
  evaluatorId,
  isSellers,
  summary: summaryOf(200, right),
});

test("runs agree when their intervals overlap overall and in every slice that is reached", () => {
  expect(runsAgree(summaryOf(200, 190), summaryOf(150, 141))).toBe(true);
  expect(runsAgree(summaryOf(200, 198), summaryOf(200, 170))).toBe(false);
});

test("agreement goes both ways", () => {
  for (const [a, b] of [
    [190, 188],
    [198, 170],
    [100, 102],
  ] as const) {
    expect(runsAgree(summaryOf(200, a), summaryOf(200, b))).toBe(
      runsAgree(summaryOf(200, b), summaryOf(200, a)),
    );
  }
});

test("a slice that is reached and was not examined by the other prevents agreement", () => {
  expect(runsAgree(summaryOf(200, 190, [short, long]), summaryOf(200, 190))).toBe(false);
  expect(runsAgree(summaryOf(200, 190), summaryOf(200, 190, [long]))).toBe(false);
});

test("two runs that reach nothing confirm nothing, and neither do few rows", () => {
  expect(runsAgree(summaryOf(200, 100), summaryOf(200, 100))).toBe(false);
  expect(runsAgree(summaryOf(200, 200), summaryOf(29, 29))).toBe(false);
  expect(runsAgree(summaryOf(200, 200), summaryOf(30, 30))).toBe(true);
});

test("only somebody else's run reproduces one, and a seller's never does", () => {
  const platform = run(null, 190);
  expect(isReproduced(platform, [run("evaluator", 188)])).toBe(true);
  expect(isReproduced(platform, [run(null, 188)])).toBe(false);
  expect(isReproduced(platform, [run("seller", 188, true)])).toBe(false);
  expect(isReproduced(run("seller", 188, true), [platform])).toBe(false);
});
