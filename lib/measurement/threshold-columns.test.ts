import { expect, test } from "vitest";
import { conditionWords } from "./condition";
import { summariseEvaluation } from "./evaluation";
import { readEvaluationFile } from "./evaluation-file";
import { readThresholds } from "./threshold-columns";

const read = (text: string, options: Parameters<typeof readEvaluationFile>[2]) => {
  const file = readEvaluationFile("rows.csv", new TextEncoder().encode(text), options);
  if (!file.ok) throw new Error(JSON.stringify(file.problems));
  return file;
};

test.each([
  [
    "characters ≥ 80, words < 25",
    [
      { column: "characters", atLeast: "80" },
      { column: "words", below: "25" },
    ],
  ],
  [
    "mean grey >= -0.50\nx<+007",
    [
      { column: "mean grey", atLeast: "-0.5" },
      { column: "x", below: "7" },
    ],
  ],
  ["x ≥ -0", [{ column: "x", atLeast: "0" }]],
  ["", []],
])("%j is read as cuts", (text, cuts) => {
  expect(readThresholds(text)).toEqual(cuts);
});

test.each(["characters", "≥ 80", "characters ≥", "characters > 80", "characters ≥ 1e3", "x ≥ 1,".repeat(21)])(
  "%j is none",
  (text) => {
    expect(readThresholds(text)).toBeNull();
  },
);

const lines = ["label,prediction,characters"];
for (let row = 0; row < 40; row += 1) lines.push(`${"ab"[row % 2]},a,${row * 5}`);
const table = lines.join("\n");

test("a column of numbers is cut where its maker says, and nowhere else", () => {
  expect(read(table, {}).slices).toEqual([]);
  const { slices, rows, columns } = read(table, {
    thresholds: readThresholds("Characters ≥ 80, characters < 25")!,
  });
  expect(slices.map(({ condition }) => conditionWords(condition))).toEqual([
    "characters ≥ 80",
    "characters < 25",
  ]);
  expect(summariseEvaluation(rows, slices, 0.9).slices.map(({ n, baseN }) => [n, baseN])).toEqual([
    [24, 24],
    [5, 5],
  ]);
  expect(columns[2]).toMatchObject({ use: "thresholds", slices: 2 });
});

test("a cut that tells the label is refused, and one of a column that is not there is named", () => {
  const sorted = ["label,prediction,score"];
  for (let row = 0; row < 40; row += 1) sorted.push(`${row < 20 ? "a" : "b"},a,${row}`);
  const leaking = read(sorted.join("\n"), { thresholds: readThresholds("score ≥ 20, length < 3")! });
  expect(leaking.slices).toEqual([]);
  expect(leaking.columns[2]).toMatchObject({
    use: "not_used",
    reason: expect.stringContaining("gives the label away"),
  });
  expect(leaking.notices).toContain('There is no column "length" to cut.');
});

test("what is said of how slices were found goes with each of them", () => {
  const of = (found: "not_said" | "known_before" | "looked") =>
    read(table, { found, thresholds: readThresholds("characters ≥ 80")! }).slices.map(
      ({ discovered, knownBefore }) => [discovered, knownBefore ?? false],
    );
  expect([of("not_said"), of("known_before"), of("looked")]).toEqual([
    [[false, false]],
    [[false, true]],
    [[true, false]],
  ]);
});
