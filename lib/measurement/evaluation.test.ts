import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { envelopeCellSchema } from "@/lib/catalogue/standing";
import { envelopeCells, redrawVerdicts, summariseEvaluation } from "./evaluation";
import { type EvaluationRow, type SliceDefinition, assignSlices, outputSlice } from "./slice";
import { holmAdjust, binomialUpperTail } from "./statistics";

const slice = (id: string, baseRows: SliceDefinition["baseRows"] = "members"): SliceDefinition => ({
  id,
  name: id,
  baseRows,
  discovered: false,
});

/** `right` rows answered "a" as labelled, then `wrong` rows labelled "a" and answered "b". */
function predicted(slices: string[], right: number, wrong: number, label = "a"): EvaluationRow[] {
  const row = (prediction: string): EvaluationRow => ({ label, prediction, slices });
  return [
    ...Array.from({ length: right }, () => row(label)),
    ...Array.from({ length: wrong }, () => row("z")),
  ];
}

test("a slice is filled, fails, or is not decided by the exact test at the level", () => {
  const rows = [
    ...predicted(["strong"], 120, 0),
    ...predicted(["weak"], 60, 60),
    ...predicted(["small"], 10, 0),
  ];
  const { slices } = summariseEvaluation(rows, [slice("strong"), slice("weak"), slice("small")], 0.9);
  expect(slices.map(({ verdict }) => verdict)).toEqual(["filled", "fails", "not_enough_evidence"]);
  expect(slices[2]?.neededN).toBeGreaterThan(10);
  expect(slices[0]?.neededN).toBeNull();
});

test("every slice examined makes the adjustment stricter, so fishing for slices costs", () => {
  const rows = predicted(["real"], 40, 0);
  const alone = summariseEvaluation(rows, [slice("real")], 0.9);
  const others = Array.from({ length: 40 }, (_, index) => slice(`other-${index}`));
  const amongMany = summariseEvaluation(rows, [slice("real"), ...others], 0.9);
  expect(alone.slices[0]?.verdict).toBe("filled");
  expect(amongMany.slices[0]?.verdict).toBe("not_enough_evidence");
  expect(amongMany.slices[0]?.pFilled).toBeCloseTo(41 * binomialUpperTail(40, 40, 0.9), 12);
});

test("a condition on the model's own output never changes the base rate", () => {
  const rows: EvaluationRow[] = [
    {
      label: "spam",
      prediction: "spam",
      slices: ["short", "short says spam"],
      inputConditions: ["short says spam"],
    },
    { label: "ham", prediction: "ham", slices: ["short"], inputConditions: ["short says spam"] },
    { label: "ham", prediction: "ham", slices: ["short"], inputConditions: ["short says spam"] },
    { label: "spam", prediction: "spam", slices: [] },
  ];
  const definitions = [slice("short"), slice("short says spam", "listed"), slice("says spam", "all_rows")];
  const [short, both, output] = summariseEvaluation(rows, definitions, 0.9).slices;
  expect(short).toMatchObject({ n: 3, baseLabel: "ham", baseN: 3 });
  expect(both).toMatchObject({ n: 1, baseLabel: "ham", baseN: 3, baseRate: 2 / 3 });
  expect(output).toMatchObject({ n: 0, baseRate: 0.5, baseN: 4 });
});

test("always giving the common answer is not a niche, however often it is right", () => {
  const rows = predicted(["replies"], 960, 40, "ham").map((row, index) => ({
    ...row,
    label: index < 965 ? "ham" : "spam",
    prediction: "ham",
  }));
  const summary = summariseEvaluation(rows, [slice("replies")], 0.9);
  expect(summary.slices[0]).toMatchObject({ verdict: "filled", beatsBaseRate: false, baseRate: 0.965 });
  expect(summary.hasNiche).toBe(false);
});

test("a slice that is right far more often than its commonest class is a niche", () => {
  const rows = [...predicted(["s"], 100, 2, "a"), ...predicted(["s"], 99, 1, "b")];
  const summary = summariseEvaluation(rows, [slice("s")], 0.9);
  expect(summary.slices[0]).toMatchObject({ verdict: "filled", beatsBaseRate: true });
  expect(summary.hasNiche).toBe(true);
});

test("coverage counts a row once though it lies in several filled slices", () => {
  const rows = [...predicted(["x", "y"], 200, 0), ...predicted(["y"], 100, 0), ...predicted([], 50, 50)];
  const { coverage } = summariseEvaluation(rows, [slice("x"), slice("y")], 0.9);
  expect(coverage).toMatchObject({ n: 300, k: 300, share: 0.75 });
});

test("a buyer's own level redraws verdicts and coverage as if it had been asked for from the start", () => {
  const rows = fc.array(
    fc.record({
      label: fc.constantFrom("a", "b", "c"),
      prediction: fc.constantFrom("a", "a", "b"),
      slices: fc.subarray(["p", "q", "r"]),
    }),
    { maxLength: 120 },
  );
  const definitions = [slice("p"), slice("q"), slice("r", "all_rows")];
  fc.assert(
    fc.property(rows, fc.constantFrom(0.5, 0.8, 0.95), fc.constantFrom(0.3, 0.9), (given, first, second) => {
      const redrawn = redrawVerdicts(summariseEvaluation(given, definitions, first), second);
      expect(redrawn).toEqual(summariseEvaluation(given, definitions, second));
    }),
    { numRuns: 200 },
  );
});

test("counts are whatever order the rows come in, and no slice both works and fails", () => {
  const rows = fc.array(
    fc.record({
      label: fc.constantFrom("a", "b"),
      prediction: fc.constantFrom("a", "b"),
      slices: fc.subarray(["p", "q"]),
      cluster: fc.constantFrom("1", "2", "3"),
    }),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(rows, (given) => {
      const summary = summariseEvaluation(given, [slice("p"), slice("q")], 0.6);
      const reversed = summariseEvaluation([...given].reverse(), [slice("p"), slice("q")], 0.6);
      expect(reversed.slices.map(({ n, k, baseRate }) => [n, k, baseRate])).toEqual(
        summary.slices.map(({ n, k, baseRate }) => [n, k, baseRate]),
      );
      expect(reversed.confusion).toEqual(summary.confusion);
      for (const { pFilled, pFails } of summary.slices)
        expect(Math.min(pFilled, pFails)).toBeLessThanOrEqual(1);
      for (const { pFilled, pFails } of summary.slices) expect(pFilled > 0.025 || pFails > 0.025).toBe(true);
      const recallRows = summary.classes.reduce((sum, { recall }) => sum + recall.n, 0);
      expect(recallRows).toBe(given.length);
      expect(summary.confusion.reduce((sum, { count }) => sum + count, 0)).toBe(given.length);
    }),
    { numRuns: 200 },
  );
});

test("adjusted p-values are Holm's over the slices in their order", () => {
  const rows = [...predicted(["p"], 95, 5), ...predicted(["q"], 30, 0), ...predicted(["r"], 8, 1)];
  const { slices } = summariseEvaluation(rows, [slice("p"), slice("q"), slice("r")], 0.8);
  const expected = holmAdjust([
    binomialUpperTail(95, 100, 0.8),
    binomialUpperTail(30, 30, 0.8),
    binomialUpperTail(8, 9, 0.8),
  ]);
  expect(slices.map(({ pFilled }) => pFilled)).toEqual(expected);
});

test("rows of one source that stand and fall together show a design effect", () => {
  const together = Array.from({ length: 100 }, (_, index): EvaluationRow => {
    const cluster = Math.floor(index / 10);
    return { label: "a", prediction: cluster < 5 ? "a" : "b", slices: [], cluster: String(cluster) };
  });
  const summary = summariseEvaluation(together, [], 0.9);
  expect(summary.overall.clusters).toBe(10);
  expect(summary.overall.designEffect).toBeCloseTo(10 * (10 / 9), 10);
  const alone = together.map((row, index) => ({ ...row, cluster: String(index) }));
  expect(summariseEvaluation(alone, [], 0.9).overall.designEffect).toBeCloseTo(100 / 99, 10);
  const unclustered = together.map(({ cluster: _, ...row }) => row);
  expect(summariseEvaluation(unclustered, [], 0.9).overall).toMatchObject({
    clusters: null,
    designEffect: null,
  });
});

test("recall, precision and macro figures are per class of the labels", () => {
  const rows = [
    ...predicted([], 8, 2, "cat"),
    { label: "dog", prediction: "cat", slices: [] },
    { label: "dog", prediction: "dog", slices: [] },
  ];
  const { classes, macro, confusion } = summariseEvaluation(rows, [], 0.9);
  expect(classes[0]).toMatchObject({ label: "cat", recall: { n: 10, k: 8 }, precision: { n: 9, k: 8 } });
  expect(classes[1]).toMatchObject({ label: "dog", recall: { n: 2, k: 1 }, precision: { n: 1, k: 1 } });
  expect(macro?.recall).toBeCloseTo(0.65, 12);
  expect(confusion[0]).toEqual({ label: "cat", prediction: "cat", count: 8 });
});

test("no rows at all is a summary without evidence, not an error", () => {
  const summary = summariseEvaluation([], [slice("p")], 0.95);
  expect(summary.overall).toMatchObject({ n: 0, k: 0, value: null, lower: 0, upper: 1, baseRate: null });
  expect(summary.slices[0]).toMatchObject({ verdict: "not_enough_evidence", neededN: 72 });
  expect(summary).toMatchObject({ hasNiche: false, macro: null, coverage: { n: 0, share: null } });
});

test("a row in an undefined slice, two slices of one id and a level of 1 are refused", () => {
  expect(() => summariseEvaluation(predicted(["ghost"], 1, 0), [], 0.9)).toThrow(RangeError);
  expect(() => summariseEvaluation([], [slice("p"), slice("p")], 0.9)).toThrow(RangeError);
  expect(() => summariseEvaluation([], [], 1)).toThrow(RangeError);
});

test("cells of the strip carry each slice's counts and verdict", () => {
  const cells = envelopeCells(summariseEvaluation(predicted(["p"], 120, 0), [slice("p"), slice("q")], 0.9));
  expect(cells[0]).toMatchObject({ slice: "p", n: 120, k: 120, verdict: "filled", neededN: null });
  expect(cells[1]).toMatchObject({ slice: "q", n: 0, value: 0, verdict: "not_enough_evidence" });
  expect(z.array(envelopeCellSchema).parse(cells)).toEqual(cells);
});

test("conditions place rows in slices and keep the input part apart from the answer", () => {
  const { rows, slices } = assignSlices(
    [
      { input: { length: 10 }, label: "spam", prediction: "spam", confidence: 0.9 },
      { input: { length: 10 }, label: "ham", prediction: "spam", confidence: 0.6 },
      { input: { length: 99 }, label: "ham", prediction: "ham" },
    ],
    [
      { id: "short", name: "short mail", onInput: ({ length }: { length: number }) => length < 50 },
      {
        id: "short-sure",
        name: "short mail it is sure of",
        onInput: ({ length }) => length < 50,
        onOutput: ({ confidence }) => (confidence ?? 0) >= 0.8,
      },
      { ...outputSlice("spam", 0.8), discovered: true },
    ],
  );
  expect(slices.map(({ baseRows, discovered }) => [baseRows, discovered])).toEqual([
    ["members", false],
    ["listed", false],
    ["all_rows", true],
  ]);
  expect(rows.map((row) => row.slices)).toEqual([["short", "short-sure", "says:spam@0.8"], ["short"], []]);
  expect(rows.map((row) => row.inputConditions)).toEqual([["short-sure"], ["short-sure"], []]);
});
