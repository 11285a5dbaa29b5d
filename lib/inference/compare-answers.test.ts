import fc from "fast-check";
import { expect, test } from "vitest";
import { compareAnswers } from "./compare-answers";
import { hasRepeats, markInputs, sharesMarks } from "./input-marks";
import { packInput, unpackInput } from "./packed-input";
import { toleranceOf } from "./run-tolerance";

const tolerance = { confidence: 1e-5 } as const;
const ran = [
  { prediction: "a", confidence: 0.9 },
  { prediction: "b", confidence: 0.6 },
];

test("an answer that came out the same within the tolerance differs in nothing", () => {
  const said = [{ prediction: "a", confidence: 0.900009 }, { prediction: "b" }];
  expect(compareAnswers(said, ran, tolerance)).toEqual({ differing: 0, flips: 0, first: [] });
});

test("another class, no answer, and a confidence beyond the tolerance are named by their row", () => {
  const said = [{ prediction: "a", confidence: 0.90002 }, { prediction: "" }];
  expect(compareAnswers(said, ran, tolerance)).toMatchObject({
    differing: 2,
    flips: 1,
    first: [{ row: 1 }, { row: 2, said: { prediction: "" }, ran: { prediction: "b" } }],
  });
  expect(() => compareAnswers([], ran, tolerance)).toThrow(RangeError);
});

test("only operators whose tolerance was measured can be compared", () => {
  expect(toleranceOf({ operators: ["Gemm", "Relu", "Softmax"], quantised: "no" })).toEqual({
    confidence: 1e-5,
  });
  expect(toleranceOf({ operators: ["QLinearMatMul"], quantised: "static" })).toEqual({
    confidence: 0.1,
  });
  expect(toleranceOf({ operators: ["com.microsoft.FusedMatMul"], quantised: "no" })).toBeNull();
});

const key = new Uint8Array(32);
const input = fc.oneof(fc.string(), fc.array(fc.integer({ min: 0, max: 99 }), { maxLength: 4 }));

test("two runs share rows exactly where some input is in both, and marks say so under their key alone", () => {
  fc.assert(
    fc.property(fc.array(input), fc.array(input), (one, other) => {
      const isShared = one.some((a) => other.some((b) => JSON.stringify(a) === JSON.stringify(b)));
      expect(sharesMarks(markInputs(one, key), markInputs(other, key))).toBe(isShared);
      if (one.length > 0)
        expect(sharesMarks(markInputs(one, key), markInputs(one, new Uint8Array(32).fill(1)))).toBe(false);
    }),
  );
});

test("a run in which an input stands twice is told by its marks", () => {
  fc.assert(
    fc.property(fc.array(input), (inputs) => {
      const isRepeated = new Set(inputs.map((one) => JSON.stringify(one))).size < inputs.length;
      expect(hasRepeats(markInputs(inputs, key))).toBe(isRepeated);
    }),
  );
});

test("an input that was packed is read back as it was", () => {
  const numbers = { kind: "numbers", version: 1, columns: [] } as const;
  const board = { kind: "board", version: 1, columns: 4, rows: 4 } as const;
  const image = { kind: "image", version: 1, width: 2, height: 1, block: 1 } as const;
  const text = {
    ...{ kind: "text-hash", version: 1, dimensions: 8, maxCharacters: 9 },
    ...{ units: [], weighting: "count", normalisation: "none" },
  } as const;
  const cases = [
    [{ kind: "numbers", values: [1.5, -2] }, numbers],
    [{ kind: "board", cells: "x..o" }, board],
    [{ kind: "levels", levels: new Uint8Array([0, 255]) }, image],
    [
      {
        kind: "counts",
        counts: [
          [3, 1],
          [7, 2],
        ],
      },
      text,
    ],
    [{ kind: "counts", counts: [] }, text],
  ] as const;
  for (const [features, spec] of cases)
    expect(unpackInput(packInput(features), spec as never)).toEqual(features);
});
