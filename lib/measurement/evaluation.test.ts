import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { envelopeCellSchema } from "@/lib/catalogue/standing";
import { envelopeCells, redrawVerdicts, summariseEvaluation } from "./evaluation";
import type { ConditionTest } from "./condition";
import { type EvaluationRow, type SliceDefinition, columnSlice, columnValues } from "./slice";
import { holmAdjust, binomialUpperTail } from "./statistics";

const slice = (column: string) => columnSlice(column, "true");
const sliceOf = (...all: ConditionTest[]): SliceDefinition => ({ condition: { all }, discovered: false });
const given = (column: string): ConditionTest => ({ on: "input", column, is: "true" });
const says = (answer: string): ConditionTest => ({ on: "answer", says: [answer] });
const flags = (columns: readonly string[]) => columnValues(columns.map((column) => [column, "true"]));

/** `right` rows answered as labelled, then `wrong` rows answered "z". */
function predicted(columns: string[], right: number, wrong: number, label = "a"): EvaluationRow[] {
  const row = (prediction: string): EvaluationRow => ({ label, prediction, columns: flags(columns) });
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
  const short = flags(["short"]);
  const rows: EvaluationRow[] = [
    { label: "spam", prediction: "spam", columns: short },
    { label: "ham", prediction: "ham", columns: short },
    { label: "ham", prediction: "ham", columns: short },
    { label: "spam", prediction: "spam" },
  ];
  const definitions = [
    slice("short"),
    sliceOf(given("short"), says("spam")),
    sliceOf(says("spam")),
    sliceOf(given("short"), { on: "output_column", column: "short", is: "true" }),
  ];
  const [input, both, output, column] = summariseEvaluation(rows, definitions, 0.9).slices;
  expect(input).toMatchObject({ n: 3, baseLabel: "ham", baseK: 2, baseN: 3 });
  expect(both).toMatchObject({ n: 1, baseLabel: "ham", baseN: 3, baseRate: 2 / 3 });
  expect(output).toMatchObject({ n: 2, baseRate: 0.5, baseK: 2, baseN: 4 });
  expect(column).toMatchObject({ n: 3, baseLabel: "ham", baseN: 3 });
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
      columns: fc.subarray(["p", "q", "r"]).map(flags),
      cluster: fc.constantFrom("1", "2", "3", "4", undefined),
    }),
    { maxLength: 120 },
  );
  const definitions = [slice("p"), slice("q"), sliceOf(given("r"), says("a"))];
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
      columns: fc.subarray(["p", "q"]).map(flags),
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

test("rows of one cluster that stand and fall together count as one, and a verdict on rows alone is taken back", () => {
  const together = Array.from({ length: 100 }, (_, index): EvaluationRow => {
    const cluster = Math.floor(index / 10);
    return { label: "a", prediction: "a", columns: flags(["p"]), cluster: String(cluster) };
  });
  const [clustered] = summariseEvaluation(together, [slice("p")], 0.9).slices;
  expect(clustered).toMatchObject({ n: 100, k: 100, verdict: "not_enough_evidence" });
  expect(clustered?.clustered).toEqual({ n: 10, shapes: [[10, 10, 10]], middle: [10, 10] });
  expect(clustered?.pFilled).toBeCloseTo(2 * 0.9 ** 10, 12);
  expect(clustered?.neededN).toBe(42);
  const alone = together.map((row, index) => ({ ...row, cluster: String(index) }));
  const apart = summariseEvaluation(alone, [slice("p")], 0.9);
  expect(apart.slices[0]).toMatchObject({ verdict: "filled", clustered: null, intervalMethod: "wilson_95" });
  expect(apart.clusters).toEqual({ n: 100, from: ["cluster_column"] });
  const unclustered = together.map(({ cluster: _, ...row }) => row);
  expect(summariseEvaluation(unclustered, [slice("p")], 0.9)).toMatchObject({ clusters: null, seed: null });
});

test("recall, precision and macro figures are per class of the labels", () => {
  const rows = [
    ...predicted([], 8, 2, "cat"),
    { label: "dog", prediction: "cat" },
    { label: "dog", prediction: "dog" },
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

test("two slices of one condition and a level of 1 are refused", () => {
  expect(() => summariseEvaluation([], [slice("p"), slice("p")], 0.9)).toThrow(RangeError);
  expect(() => summariseEvaluation([], [], 1)).toThrow(RangeError);
});

test("cells of the strip carry each slice's counts and verdict", () => {
  const cells = envelopeCells(summariseEvaluation(predicted(["p"], 120, 0), [slice("p"), slice("q")], 0.9));
  expect(cells[0]).toMatchObject({
    name: "p",
    condition: { all: [given("p")] },
    n: 120,
    k: 120,
    verdict: "filled",
    neededN: null,
  });
  expect(cells[1]).toMatchObject({ name: "q", n: 0, value: 0, verdict: "not_enough_evidence" });
  expect(z.array(envelopeCellSchema).parse(cells)).toEqual(cells);
});
