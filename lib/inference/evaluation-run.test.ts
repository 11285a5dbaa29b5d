import fc from "fast-check";
import { expect, test } from "vitest";
import {
  answersDigest,
  isEnded,
  keptAnswer,
  mayBeCancelled,
  mayFollow,
  nextChunk,
  percentDone,
  runPhases,
} from "./evaluation-run";

test("a run only goes on, may fail until it is counted, and cannot be cancelled once only the count is left", () => {
  const order = ["queued", "preparing", "running", "counting", "done"] as const;
  for (const [at, phase] of order.entries()) {
    expect(order.filter((to) => mayFollow(phase, to))).toEqual(order.slice(at + 1, at + 2));
    expect(mayFollow(phase, "failed")).toBe(phase !== "done");
    expect(mayBeCancelled(phase)).toBe(["queued", "preparing", "running"].includes(phase));
  }
  expect(runPhases.filter(isEnded)).toEqual(["done", "failed", "cancelled"]);
});

test("pieces are whole calls, so that a row has the same neighbours however often a run is begun", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4_096 }),
      fc.array(fc.double({ min: 0, max: 900, noNaN: true }), { maxLength: 20 }),
      (rowsPerCall, times) => {
        let last: { rows: number; seconds: number } | null = null;
        for (const seconds of times) {
          const rows: number = nextChunk(rowsPerCall, last);
          expect(rows % rowsPerCall).toBe(0);
          expect(rows).toBeGreaterThan(0);
          expect(rows).toBeLessThanOrEqual(Math.max(2_000 + rowsPerCall, rowsPerCall));
          last = { rows, seconds };
        }
      },
    ),
  );
});

test("a model that is slow is asked for less at once, one that is quick for more, four times at most", () => {
  expect(nextChunk(1, null)).toBe(16);
  expect(nextChunk(1, { rows: 16, seconds: 8 })).toBe(4);
  expect(nextChunk(1, { rows: 16, seconds: 0.01 })).toBe(64);
  expect(nextChunk(1, { rows: 2_000, seconds: 0.01 })).toBe(2_000);
});

test("an answer that cannot be kept is none, with the reason, and no text holds what a database cannot", () => {
  expect(keptAnswer({ prediction: "a\0b\uD800", confidence: 0.5 })).toEqual({
    prediction: "ab\uFFFD",
    confidence: 0.5,
  });
  expect(keptAnswer({ prediction: "a", confidence: Number.NaN })).toEqual({ prediction: "a" });
  expect(keptAnswer({ prediction: "", confidence: undefined }, "No number.")).toEqual({
    prediction: "",
    refused: "No number.",
  });
  const long = keptAnswer({ prediction: "x".repeat(20_001), confidence: 1 });
  expect(long).toMatchObject({ prediction: "", refused: expect.stringContaining("20000 characters") });
});

test("the digest of answers names each of them, its confidence and why there is none, under its salt", () => {
  const answers = [{ prediction: "a", confidence: 0.5 }, { prediction: "" }];
  const changed = [
    [{ prediction: "b", confidence: 0.5 }, { prediction: "" }],
    [{ prediction: "a", confidence: 0.51 }, { prediction: "" }],
    [
      { prediction: "a", confidence: 0.5 },
      { prediction: "", refused: "No." },
    ],
    answers.toReversed(),
  ];
  const digests = [answersDigest(answers, "0"), answersDigest(answers, "1")];
  digests.push(...changed.map((other) => answersDigest(other, "0")));
  expect(new Set(digests).size).toBe(digests.length);
  // A database gives members back in another order.
  expect(answersDigest([{ confidence: 0.5, prediction: "a" }, { prediction: "" }], "0")).toBe(digests[0]);
});

test("a hundred percent are all rows", () => {
  expect(percentDone({ rowsDone: 19_999, rowsTotal: 20_000 })).toBe(99);
  expect(percentDone({ rowsDone: 20_000, rowsTotal: 20_000 })).toBe(100);
  expect(percentDone({ rowsDone: 0, rowsTotal: null })).toBe(0);
});
