import { expect, test } from "vitest";
import { summariseEvaluation } from "./evaluation";
import { conditionId, conditionWords } from "./condition";
import { columnSlice, columnValues } from "./slice";
import { type Run, contradictions, isReproduced, runsAgree } from "./reproduction";

const short = columnSlice("short", "true");
const long = columnSlice("long", "true");

/** `n` rows, all in the named slices, `right` of them right. */
function summaryOf(n: number, right: number, slices = [short]) {
  const rows = Array.from({ length: n }, (_, index) => ({
    label: index % 2 ? "a" : "b",
    prediction: index < right ? (index % 2 ? "a" : "b") : "wrong",
    columns: columnValues(slices.map(({ condition }) => [conditionWords(condition), "true"])),
  }));
  return summariseEvaluation(rows, slices, 0.8);
}

const run = (evaluatorId: string | null, right: number, facts: Partial<Run> = {}): Run => ({
  id: `${evaluatorId} ${right}`,
  evaluatorId,
  isBound: true,
  isIndependent: true,
  isAttestation: true,
  rowsDigest: `rows of ${evaluatorId}`,
  summary: summaryOf(200, right),
  ...facts,
});
const nothingShared = () => false;

test("runs agree when both fill a slice and the exact test does not tell them apart", () => {
  expect(runsAgree(summaryOf(200, 190), summaryOf(150, 141))).toBe(true);
  expect(runsAgree(summaryOf(200, 198), summaryOf(200, 180))).toBe(false);
});

test("agreement and contradiction go both ways", () => {
  for (const [a, b] of [
    [190, 188],
    [198, 170],
    [100, 102],
  ] as const) {
    const [one, other] = [summaryOf(200, a), summaryOf(200, b)];
    expect(runsAgree(one, other)).toBe(runsAgree(other, one));
    expect(contradictions(one, other).length).toBe(contradictions(other, one).length);
  }
});

test("a run with fewer rows than decide its slice confirms nothing, however well it agrees", () => {
  expect(runsAgree(summaryOf(200, 200), summaryOf(16, 16))).toBe(false);
  expect(runsAgree(summaryOf(200, 200), summaryOf(17, 17))).toBe(true);
  expect(runsAgree(summaryOf(200, 100), summaryOf(200, 100))).toBe(false);
});

test("a slice that both chose by looking at their own rows confirms nothing", () => {
  const looked = { ...short, discovered: true };
  expect(runsAgree(summaryOf(200, 190, [looked]), summaryOf(200, 190, [looked]))).toBe(false);
  expect(runsAgree(summaryOf(200, 190, [looked]), summaryOf(200, 190))).toBe(true);
});

test("slices that only one of them examined neither confirm nor contradict", () => {
  expect(runsAgree(summaryOf(200, 190), summaryOf(200, 190, [long]))).toBe(false);
  expect(runsAgree(summaryOf(200, 190, [short, long]), summaryOf(200, 190))).toBe(true);
  expect(contradictions(summaryOf(200, 190), summaryOf(200, 90, [long]))).toEqual([]);
});

test("a contradiction names the slice and what both counted; a difference by chance is none", () => {
  expect(contradictions(summaryOf(200, 190), summaryOf(200, 188))).toEqual([]);
  expect(contradictions(summaryOf(200, 190), summaryOf(200, 120))).toMatchObject([
    { one: { id: conditionId(short.condition), k: 190, n: 200 }, other: { k: 120, n: 200 } },
  ]);
});

test("only another independent party's bound run on rows of its own reproduces one", () => {
  const platform = run(null, 190);
  expect(isReproduced(platform, [run("eva", 188)], nothingShared)).toBe(true);
  const confirmsNot: Partial<Run>[] = [
    { evaluatorId: null },
    { isBound: false },
    { isIndependent: false },
    { isAttestation: false },
    { rowsDigest: platform.rowsDigest },
    { summary: summaryOf(200, 150) },
  ];
  for (const facts of confirmsNot) {
    expect(isReproduced(platform, [run("eva", 188, facts)], nothingShared)).toBe(false);
    expect(isReproduced(run("eva", 188, facts), [platform], nothingShared)).toBe(false);
  }
  expect(isReproduced(platform, [run("eva", 188)], () => true)).toBe(false);
});
