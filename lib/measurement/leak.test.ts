import fc from "fast-check";
import { expect, test } from "vitest";
import { comparedValue } from "./condition";
import { isConfidenceLeak, leakFinder } from "./leak";

type Row = { label: string; prediction: string; value: string };
const rows = (count: number, label: string, prediction: string, value: string): Row[] =>
  Array.from({ length: count }, () => ({ label, prediction, value }));
const leakIn = (given: readonly Row[]) => leakFinder(given)((row) => comparedValue(given[row]?.value ?? ""));

test("a copy of the label, under whatever name and spelling, gives it away", () => {
  const given = [...rows(60, "Yes", "Yes", "yes"), ...rows(40, "No", "Yes", "no")];
  expect(leakIn(given)).toBe("tells_label");
  expect(leakIn(given.map((row) => ({ ...row, value: row.value === "yes" ? "g1" : "g2" })))).toBe(
    "tells_label",
  );
  expect(leakIn([...rows(1, "a", "a", "a"), ...rows(1, "b", "a", "b")])).toBe("tells_label");
});

test("a column finer than the label gives it away, and one coarser follows from it", () => {
  const finer = ["a", "b", "c"].flatMap((label) => [
    ...rows(9, label, "a", `${label}1`),
    ...rows(9, label, "a", `${label}2`),
  ]);
  expect(leakIn(finer)).toBe("tells_label");
  const coarser = ["a", "e", "b", "c"].flatMap((label) =>
    rows(9, label, "a", "ae".includes(label) ? "vowel" : "other"),
  );
  expect(leakIn(coarser)).toBe("follows_label");
});

test("a blank is a value: a column filled in for one label alone gives it away", () => {
  expect(leakIn([...rows(30, "a", "a", "seen"), ...rows(30, "b", "a", "")])).toBe("tells_label");
});

test("a column that is true exactly where the row is right, or wrong, is no condition", () => {
  const right = ["a", "b"].flatMap((label) => [...rows(20, label, label, "1"), ...rows(5, label, "c", "0")]);
  expect(leakIn(right)).toBe("tells_rightness");
  expect(leakIn(right.map((row) => ({ ...row, value: row.value === "1" ? "" : "bad" })))).toBe(
    "tells_rightness",
  );
});

test("a few exceptions among many rows make no condition of a leak", () => {
  const noisy = [...rows(500, "a", "a", "x"), ...rows(496, "b", "a", "y"), ...rows(4, "b", "a", "x")];
  expect(leakIn(noisy)).toBe("tells_label");
});

test("one row in a hundred turned over hides no column that tells what is right", () => {
  const right = [...rows(475, "a", "a", "yes"), ...rows(25, "a", "b", "no")];
  expect(leakIn([...right, ...rows(5, "a", "b", "yes")])).toBe("tells_rightness");
  expect(leakIn([...right, ...rows(5, "a", "a", "no")])).toBe("tells_rightness");
  expect(leakIn([...right, ...rows(6, "a", "a", "no")])).toBeNull();
});

test("a confidence that parts right answers from wrong ones is a leak, one that merely is higher for them is not", () => {
  const cut = { prediction: "a", minConfidence: 0.9 };
  const sure = (given: Row[], confidence: number) => given.map((row) => ({ ...row, confidence }));
  const [right, wrong] = [rows(90, "a", "a", ""), rows(10, "b", "a", "")];
  expect(isConfidenceLeak([...sure(right, 0.95), ...sure(wrong, 0.4)], cut)).toBe(true);
  expect(isConfidenceLeak([...sure(right, 0.95), ...sure(wrong, 0.95)], cut)).toBe(false);
  const mixed = [...sure(right, 0.95), ...sure(wrong.slice(0, 5), 0.95), ...sure(wrong.slice(5), 0.4)];
  expect(isConfidenceLeak(mixed, cut)).toBe(false);
  expect(isConfidenceLeak([...sure(right, 0.95), ...sure(wrong, 0.4)], { prediction: "a" })).toBe(false);
});

test("a column that merely goes with the label or with being right stays", () => {
  const correlated = [...rows(500, "a", "a", "x"), ...rows(450, "b", "b", "y"), ...rows(50, "b", "a", "x")];
  expect(leakIn(correlated)).toBeNull();
  const harder = ["a", "b"].flatMap((label) => [
    ...rows(95, label, label, "short"),
    ...rows(5, label, "c", "short"),
    ...rows(5, label, label, "long"),
    ...rows(95, label, "c", "long"),
  ]);
  expect(leakIn(harder)).toBeNull();
});

test("a column of one value, or of a value for each row, tells nothing", () => {
  expect(leakIn([...rows(50, "a", "a", "x"), ...rows(50, "b", "a", "x")])).toBeNull();
  const own = Array.from({ length: 20 }, (_, index) =>
    rows(1, index % 2 ? "a" : "b", "a", `id ${index}`),
  ).flat();
  expect(leakIn(own)).toBeNull();
});

test("in a small file a coincidence stays until it would be a rare one", () => {
  const coincides = (a: number, b: number) => leakIn([...rows(a, "a", "a", "x"), ...rows(b, "b", "b", "y")]);
  expect([coincides(2, 1), coincides(3, 3), coincides(4, 3), coincides(5, 3)]).toEqual([
    null,
    null,
    "tells_label",
    "tells_label",
  ]);
});

test("labels all or answers all alike, or no rows, are no leak", () => {
  expect(leakIn([...rows(30, "a", "a", "x"), ...rows(30, "a", "a", "y")])).toBeNull();
  expect(leakIn([])).toBeNull();
});

test("a column drawn without looking at labels is hardly ever refused", () => {
  let refused = 0;
  const random = fc.sample(fc.array(fc.tuple(fc.boolean(), fc.boolean()), { minLength: 12, maxLength: 40 }), {
    numRuns: 2_000,
    seed: 1,
  });
  for (const given of random)
    if (
      leakIn(
        given.map(([label, value]) => ({ label: String(label), prediction: "true", value: String(value) })),
      )
    )
      refused += 1;
  expect(refused / random.length).toBeLessThan(0.05);
});
