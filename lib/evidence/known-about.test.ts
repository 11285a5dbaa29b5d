import { describe, expect, it } from "vitest";
import type { Condition, ConditionTest } from "@/lib/catalogue/condition";
import { columnValues } from "@/lib/measurement/slice";
import { askedOfBearer, knownAbout } from "./known-about";

const cell = (name: string, ...all: ConditionTest[]) => ({ name, condition: { all } satisfies Condition });
const html = { on: "input", column: "html", is: "true" } as const;
const long = { on: "input", column: "input_characters", atLeast: "80" } as const;
const saysSpam: ConditionTest = { on: "answer", says: ["spam"] };
const sure = { on: "answer", confidenceAtLeast: "0.8" } as const;

const cells = [
  cell("html", html),
  cell("long", long),
  cell("sure spam", saysSpam, sure),
  cell("both", html, saysSpam),
];
const names = (some: readonly { name: string }[]) => some.map(({ name }) => name);

describe("what is known about one input", () => {
  it("is every slice whose whole condition it meets", () => {
    const columns = columnValues([
      ["html", "true"],
      ["input_characters", "90"],
    ]);
    const { within, undecided } = knownAbout(cells, { columns, prediction: "spam", confidence: 0.9 });
    expect(names(within)).toEqual(["html", "long", "sure spam", "both"]);
    expect(undecided).toEqual([]);
  });

  it("is nothing about a slice of which one test fails, whatever else is not known", () => {
    const columns = columnValues([["input_characters", "10"]]);
    const { within, undecided } = knownAbout(cells, { columns, prediction: "ham", confidence: 0.9 });
    expect(names(within)).toEqual([]);
    expect(names(undecided)).toEqual(["html"]);
  });

  it("stays open where a column or the confidence is not known", () => {
    const { undecided } = knownAbout(cells, { columns: columnValues([]), prediction: "spam" });
    expect(names(undecided)).toEqual(["html", "long", "sure spam", "both"]);
  });

  it("asks its bearer once for each column that does not follow from the input", () => {
    const levels = cell("age", { on: "input", column: "age", atLeast: "18" });
    expect(askedOfBearer([...cells, levels], ["age"])).toEqual([{ column: "html", values: ["true"] }]);
    expect(askedOfBearer([...cells, levels], [])).toEqual([
      { column: "html", values: ["true"] },
      { column: "age", values: [] },
    ]);
  });
});
