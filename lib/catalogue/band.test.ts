import fc from "fast-check";
import { expect, test } from "vitest";
import { bandOf, cutBands } from "./band";

const amount = fc.oneof(fc.bigInt({ min: 0n, max: 10n ** 18n }), fc.bigInt({ min: 0n, max: 3000n }));

test("an amount is within a limit exactly when its band lies below or it lies above the edge of the band cut", () => {
  fc.assert(
    fc.property(amount, amount, (value, limit) => {
      const { below, edge } = cutBands(limit);
      const byBand = below.includes(bandOf(value));
      const byRow = edge !== null && value > edge && value <= limit;
      expect(byBand || byRow).toBe(value <= limit);
      expect(byBand && byRow).toBe(false);
    }),
    { numRuns: 5000 },
  );
});

test("a limit on an edge cuts no band", () => {
  for (const limit of [0n, 1n, 2n, 5n, 100n, 5000n]) expect(cutBands(limit).edge).toBeNull();
  expect(cutBands(3n).edge).toBe(2n);
});
