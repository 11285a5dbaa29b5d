import fc from "fast-check";
import { expect, test } from "vitest";
import { canShow, limitationSchema } from "@/lib/catalogue/limitation";
import { type LimitLink, limitKey } from "@/lib/catalogue/limitation-link";
import { redrawVerdicts, summariseEvaluation } from "./evaluation";
import { draftLimitations, severityOf } from "./limitation-draft";
import { conditionId } from "./condition";
import { countOf } from "./limitation-figure";
import { type EvaluationRow, columnSlice, columnValues } from "./slice";

const slice = (column: string) => columnSlice(column, "true");

const inSlice = (column: string) => {
  const id = conditionId(slice(column).condition);
  return { quantity: "accuracy" as const, slice: id, name: column };
};

function rows(count: number, label: string, prediction: string, slices: string[] = []): EvaluationRow[] {
  return Array.from({ length: count }, () => ({
    label,
    prediction,
    columns: columnValues(slices.map((column) => [column, "true"])),
  }));
}

const summaryOf = (given: EvaluationRow[], slices: string[] = [], level = 0.9) =>
  summariseEvaluation(given, slices.map(slice), level);
const draftsOf = (given: EvaluationRow[], slices: string[] = [], level = 0.9) =>
  draftLimitations(summaryOf(given, slices, level));

test("a failing slice becomes the limitation its name tells, linked to that slice and to nothing else", () => {
  const given = [
    ...rows(50, "a", "a", ["HTML body"]),
    ...rows(50, "a", "b", ["HTML body"]),
    ...rows(900, "a", "a"),
  ];
  const [html] = draftsOf(given, ["HTML body"]);
  expect(html).toMatchObject({
    type: "html_input",
    severity: "severe",
    measures: inSlice("HTML body"),
  });
  expect(html && countOf(summaryOf(given, ["HTML body"]), html.measures)).toMatchObject({ k: 50, n: 100 });
});

test("every draft is a limitation a listing can hold, each thing measured once", () => {
  const given = [
    ...rows(400, "a", "a", ["long mail"]),
    ...rows(200, "a", "b", ["long mail", "year 2003"]),
    ...rows(300, "b", "a", ["kind: odd"]),
    ...rows(8, "c", "a", ["kind: other"]),
  ];
  const drafts = draftsOf(given, ["long mail", "year 2003", "kind: odd", "kind: other"]);
  expect(drafts.length).toBeGreaterThan(3);
  for (const draft of drafts) {
    expect(limitationSchema.safeParse(draft).success).toBe(true);
    expect(canShow(draft.type, draft.measures), draft.type).toBe(true);
  }
  expect(new Set(drafts.map(limitKey)).size).toBe(drafts.length);
});

test("a class that is never given as answer is said so", () => {
  const given = [...rows(500, "rain", "rain"), ...rows(96, "fog", "rain")];
  const draft = draftsOf(given).find(({ type }) => type === "class_never_predicted");
  expect(draft).toMatchObject({ severity: "severe", measures: { quantity: "recall", class: "fog" } });
  expect(draft && countOf(summaryOf(given), draft.measures)).toMatchObject({ k: 0, n: 96 });
});

test("a class mostly taken for one other is a confusion, and the false alarms it makes are named too", () => {
  const given = [
    ...rows(100, "shirt", "shirt"),
    ...rows(100, "shirt", "coat"),
    ...rows(200, "coat", "coat"),
    ...rows(200, "bag", "bag"),
  ];
  const drafts = draftsOf(given);
  expect(drafts.find(({ type }) => type === "confuses_classes")).toMatchObject({
    condition: "Mostly taken for “coat”.",
    measures: { quantity: "recall", class: "shirt" },
  });
  expect(drafts.find(({ type }) => type === "low_precision")).toMatchObject({
    measures: { quantity: "precision", class: "coat" },
  });
});

test("two failing slices of one type are two limitations, the worse measured first", () => {
  const given = [
    ...rows(20, "a", "a", ["long subject"]),
    ...rows(80, "a", "b", ["long subject"]),
    ...rows(60, "a", "a", ["long body"]),
    ...rows(40, "a", "b", ["long body"]),
    ...rows(2000, "a", "a"),
  ];
  const long = draftsOf(given, ["long body", "long subject"]).filter(({ type }) => type === "long_input");
  expect(long.map(({ measures }) => measures)).toEqual([inSlice("long subject"), inSlice("long body")]);
});

test("what is not shown to miss the level is not drafted", () => {
  expect(draftsOf([...rows(97, "a", "a", ["s"]), ...rows(3, "a", "b", ["s"])], ["s"])).toEqual([]);
  expect(draftsOf([...rows(1, "a", "b", ["s"])], ["s"])).toEqual([]);
  expect(draftsOf([])).toEqual([]);
});

test("reliable slices that hold little of the input are a limitation of their own, with their share of all rows", () => {
  const given = [
    ...rows(60, "a", "a", ["niche"]),
    ...rows(60, "b", "b", ["niche"]),
    ...rows(400, "a", "a"),
    ...rows(400, "b", "a"),
  ];
  const narrow = draftsOf(given, ["niche"]).find(({ type }) => type === "narrow_niche");
  expect(narrow?.measures).toEqual({ quantity: "coverage" });
  const summary = summaryOf(given, ["niche"]);
  expect(countOf(summary, { quantity: "coverage" })).toMatchObject({ k: 120, n: 920 });
  // At a level that no slice is shown to reach, nothing is covered.
  expect(countOf(redrawVerdicts(summary, 0.999), { quantity: "coverage" })).toMatchObject({ k: 0, n: 920 });
});

test("forty at most are drafted, and a class whose name is too long to be named exactly is not", () => {
  const many = Array.from({ length: 60 }, (_, at) => rows(20, `class ${at}`, "?")).flat();
  expect(draftsOf([...many, ...rows(20, "x".repeat(1_001), "?")])).toHaveLength(40);
  expect(draftsOf(rows(50, "x".repeat(1_001), "?")).map(({ measures }) => measures)).toEqual([
    { quantity: "accuracy" },
  ]);
});

test("severity grows with the distance of the upper bound from the level", () => {
  expect([0.85, 0.8, 0.61, 0.6].map((upper) => severityOf(upper, 0.9))).toEqual([
    "minor",
    "minor",
    "moderate",
    "severe",
  ]);
});

const word = fc.constantFrom("spam", "ham", "other");
const columns = ["short", "html", "quoted"];
const idOf = (column: string) => conditionId(slice(column).condition);
const row = fc.record({ label: word, prediction: word, in: fc.subarray(columns) });
const asked = fc.oneof(
  fc.record({
    quantity: fc.constant("accuracy" as const),
    column: fc.constantFrom(...columns, "never examined"),
  }),
  fc.record({ quantity: fc.constantFrom("recall" as const, "precision" as const), class: word }),
  fc.record({ quantity: fc.constant("accuracy" as const) }),
);
type Asked = typeof asked extends fc.Arbitrary<infer A> ? A : never;
type Given = typeof row extends fc.Arbitrary<infer R> ? R : never;

const linkTo = (about: Asked): LimitLink =>
  "column" in about ? { quantity: about.quantity, slice: idOf(about.column) } : about;

/** Counted from the rows themselves, by what is asked about and nothing else. */
function recount(given: readonly Given[], about: Asked) {
  const rows = given.filter((one) => {
    if ("column" in about) return one.in.includes(about.column);
    if ("class" in about) return (about.quantity === "recall" ? one.label : one.prediction) === about.class;
    return true;
  });
  return { n: rows.length, k: rows.filter(({ label, prediction }) => label === prediction).length };
}

test("a figure counts the rows of its own slice or class and quantity, or there is none", () => {
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 60 }), asked, (given, about) => {
      const counted = given
        .map(({ label, prediction, in: members }) => rows(1, label, prediction, members))
        .flat();
      const figure = countOf(summaryOf(counted, columns), linkTo(about));
      const { n, k } = recount(given, about);
      const isLabel = !("class" in about) || given.some(({ label }) => label === about.class);
      if (figure) expect({ n: figure.n, k: figure.k }).toEqual({ n, k });
      else expect(n === 0 || !isLabel).toBe(true);
    }),
  );
});
