import fc from "fast-check";
import { expect, test } from "vitest";
import { type Condition, type ConditionTest, conditionSchema } from "@/lib/catalogue/condition";
import { checkOf, conditionId, conditionWords, inputTests, meetsCondition } from "./condition";
import { columnValues } from "./slice";

const given = (column: string, is = "true"): ConditionTest => ({ on: "input", column, is });
const says = (...answers: string[]): ConditionTest => ({ on: "answer", says: answers });
const atLeast = (confidenceAtLeast: string): ConditionTest => ({ on: "answer", confidenceAtLeast });
const all = (...tests: ConditionTest[]): Condition => ({ all: tests });

const row = (columns: Record<string, string>, prediction: string, confidence?: number) => ({
  columns: columnValues(Object.entries(columns)),
  prediction,
  ...(confidence === undefined ? {} : { confidence }),
});

test("every test must hold, and a row without what is asked for does not meet it", () => {
  const condition = all(given("html"), says("spam"), atLeast("0.8"));
  expect(meetsCondition(condition, row({ html: "true" }, "spam", 0.8))).toBe(true);
  expect(meetsCondition(condition, row({ html: "TRUE " }, "spam", 0.9))).toBe(true);
  expect(meetsCondition(condition, row({ html: "1" }, "spam", 0.9))).toBe(true);
  expect(meetsCondition(condition, row({ html: "false" }, "spam", 0.9))).toBe(false);
  expect(meetsCondition(condition, row({}, "spam", 0.9))).toBe(false);
  expect(meetsCondition(condition, row({ html: "true" }, "ham", 0.9))).toBe(false);
  expect(meetsCondition(condition, row({ html: "true" }, "spam", 0.79))).toBe(false);
  expect(meetsCondition(condition, row({ html: "true" }, "spam"))).toBe(false);
});

test("a threshold on a column takes numbers in any form, and nothing else", () => {
  const long = all({ on: "input", column: "characters", atLeast: "80" });
  const short = all({ on: "input", column: "characters", below: "80" });
  for (const [value, isLong] of [
    ["80", true],
    ["80.0", true],
    ["8e1", true],
    ["79.999", false],
    ["-3", false],
  ] as const) {
    expect(meetsCondition(long, row({ characters: value }, ""))).toBe(isLong);
    expect(meetsCondition(short, row({ characters: value }, ""))).toBe(!isLong);
  }
  for (const value of ["", "many", "0x50"]) {
    expect(meetsCondition(long, row({ characters: value }, ""))).toBe(false);
    expect(meetsCondition(short, row({ characters: value }, ""))).toBe(false);
  }
});

test("confidences are compared to six digits, as the rows' digest holds them", () => {
  const sure = checkOf(all(atLeast("0.8")));
  expect(sure(row({}, "", 0.7999996))).toBe(true);
  expect(sure(row({}, "", 0.7999994))).toBe(false);
});

test.each([
  [all(given("has_html"), says("spam"), atLeast("0.8")), "has_html, says spam at confidence ≥ 0.8"],
  [all(given("source", "Web")), "source: Web"],
  [all(says("bs", "hr")), "says bs or hr"],
  [all(says("")), "says nothing"],
  [all(atLeast("0.7"), { on: "answer", confidenceBelow: "0.9" }), "answers at confidence ≥ 0.7 and < 0.9"],
  [all({ on: "input", column: "characters", below: "25" }), "characters < 25"],
  [all({ on: "output_column", column: "long_answer", is: "true" }), "long_answer"],
])("%j reads as %s", (condition, words) => {
  expect(conditionWords(condition)).toBe(words);
});

const anyTest = fc.constantFrom<ConditionTest>(
  given("a"),
  given("b", "Ä"),
  says("x", "y"),
  says("y"),
  atLeast("0.5"),
  { on: "input", column: "n", atLeast: "-1.5" },
);

test("the id is of what is asked and not of how it is written", () => {
  fc.assert(
    fc.property(fc.array(anyTest, { minLength: 1, maxLength: 6 }), (tests) => {
      const rewritten = [...tests, ...tests].reverse().map((one) => {
        if ("says" in one) return { ...one, says: [...one.says, ...one.says].reverse() };
        return "is" in one ? { ...one, is: one.is.toUpperCase().normalize("NFD") } : one;
      });
      expect(conditionId(all(...rewritten))).toBe(conditionId(all(...tests)));
    }),
  );
  const ids = [given("a"), given("b"), given("a", "b"), says("a"), atLeast("0.5"), atLeast("0.6")].map(
    (one) => conditionId(all(one)),
  );
  expect(new Set(ids).size).toBe(6);
  expect(conditionId(all(given("a")))).toMatch(/^[0-9a-f]{32}$/);
});

test("only tests on the input belong to the base rate's condition", () => {
  const output: ConditionTest = { on: "output_column", column: "sure", is: "true" };
  expect(inputTests(all(given("a"), says("x"), output, atLeast("0.5")))).toEqual([given("a")]);
});

test.each([
  {},
  { all: [] },
  { all: [{ on: "label", is: "spam" }] },
  { all: [{ on: "input", column: "a", is: "b", atLeast: "1" }] },
  { all: [{ on: "input", column: "a", atLeast: "1.0" }] },
  { all: [{ on: "input", column: "a", below: "-0" }] },
  { all: [{ on: "input", column: "a", below: "1e3" }] },
  { all: [{ on: "answer", confidenceAtLeast: "1.5" }] },
  { all: [{ on: "answer", says: [] }] },
  { any: [given("a")] },
])("%j is no condition", (given) => {
  expect(conditionSchema.safeParse(given).success).toBe(false);
});
