import { expect, test } from "vitest";
import { limitationSchema } from "@/lib/catalogue/limitation";
import { summariseEvaluation } from "./evaluation";
import { draftLimitations, severityOf } from "./limitation-draft";
import { type EvaluationRow, columnSlice, columnValues } from "./slice";

const slice = (column: string) => columnSlice(column, "true");

function rows(count: number, label: string, prediction: string, slices: string[] = []): EvaluationRow[] {
  return Array.from({ length: count }, () => ({
    label,
    prediction,
    columns: columnValues(slices.map((column) => [column, "true"])),
  }));
}

const draftsOf = (given: EvaluationRow[], slices: string[] = [], level = 0.9) =>
  draftLimitations(summariseEvaluation(given, slices.map(slice), level));

test("a failing slice becomes the limitation its name tells, with the measured effect", () => {
  const given = [
    ...rows(50, "a", "a", ["HTML body"]),
    ...rows(50, "a", "b", ["HTML body"]),
    ...rows(900, "a", "a"),
  ];
  const [html] = draftsOf(given, ["HTML body"]);
  expect(html).toMatchObject({
    type: "html_input",
    severity: "severe",
    condition: "HTML body",
    effect: { measure: "accuracy", k: 50, n: 100 },
    source: "measured",
  });
});

test("every draft is a limitation a listing can hold, each type once", () => {
  const given = [
    ...rows(400, "a", "a", ["long mail"]),
    ...rows(200, "a", "b", ["long mail", "year 2003"]),
    ...rows(300, "b", "a", ["kind: odd"]),
    ...rows(8, "c", "a", ["kind: other"]),
  ];
  const drafts = draftsOf(given, ["long mail", "year 2003", "kind: odd", "kind: other"]);
  expect(drafts.length).toBeGreaterThan(3);
  for (const draft of drafts) expect(limitationSchema.safeParse(draft).success).toBe(true);
  expect(new Set(drafts.map(({ type }) => type)).size).toBe(drafts.length);
});

test("a class that is never given as answer is said so", () => {
  const given = [...rows(500, "rain", "rain"), ...rows(96, "fog", "rain")];
  expect(draftsOf(given).find(({ type }) => type === "class_never_predicted")).toMatchObject({
    condition: "fog",
    severity: "severe",
    effect: { measure: "recall", k: 0, n: 96 },
  });
});

test("a class mostly taken for one other is a confusion, and the false alarms it makes are named too", () => {
  const given = [
    ...rows(100, "shirt", "shirt"),
    ...rows(100, "shirt", "coat"),
    ...rows(200, "coat", "coat"),
    ...rows(200, "bag", "bag"),
  ];
  const drafts = draftsOf(given);
  expect(drafts.find(({ type }) => type === "confuses_classes")?.condition).toBe(
    "shirt, mostly taken for coat",
  );
  expect(drafts.find(({ type }) => type === "low_precision")).toMatchObject({ condition: "coat" });
});

test("two failing slices of one type are one limitation: the worse measured, the other named", () => {
  const given = [
    ...rows(20, "a", "a", ["long subject"]),
    ...rows(80, "a", "b", ["long subject"]),
    ...rows(60, "a", "a", ["long body"]),
    ...rows(40, "a", "b", ["long body"]),
    ...rows(2000, "a", "a"),
  ];
  const long = draftsOf(given, ["long body", "long subject"]).filter(({ type }) => type === "long_input");
  expect(long).toHaveLength(1);
  expect(long[0]).toMatchObject({ condition: "long subject; also long body", effect: { k: 20, n: 100 } });
});

test("what is not shown to miss the level is not drafted", () => {
  expect(draftsOf([...rows(97, "a", "a", ["s"]), ...rows(3, "a", "b", ["s"])], ["s"])).toEqual([]);
  expect(draftsOf([...rows(1, "a", "b", ["s"])], ["s"])).toEqual([]);
  expect(draftsOf([])).toEqual([]);
});

test("reliable slices that hold little of the input are a limitation of their own", () => {
  const given = [
    ...rows(60, "a", "a", ["niche"]),
    ...rows(60, "b", "b", ["niche"]),
    ...rows(400, "a", "a"),
    ...rows(400, "b", "a"),
  ];
  const narrow = draftsOf(given, ["niche"]).find(({ type }) => type === "narrow_niche");
  expect(narrow).toMatchObject({ condition: "Its reliable slices hold 120 of 920 rows", effect: null });
});

test("severity grows with the distance of the upper bound from the level", () => {
  expect([0.85, 0.8, 0.61, 0.6].map((upper) => severityOf(upper, 0.9))).toEqual([
    "minor",
    "minor",
    "moderate",
    "severe",
  ]);
});
