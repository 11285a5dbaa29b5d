import { expect, test } from "vitest";
import { attackNames, nullSeller, summaryOf } from "./null-sellers.fixture";

const SELLERS_PER_ATTACK = 19;
const FILLED_AT_MOST = 0.025;

test("sellers whose model has no skill at their level get a filled slice in 2.5 % of listings at most", () => {
  const sellers = attackNames.flatMap((attack, place) =>
    Array.from({ length: SELLERS_PER_ATTACK }, (_, at) => nullSeller(attack, place * 1_000_000 + at)),
  );
  const summaries = sellers.flatMap((seller) => summaryOf(seller) ?? []);
  expect(summaries.length).toBe(sellers.length);
  expect(summaries.every(({ slices }) => slices.length <= 500)).toBe(true);
  const filled = summaries.filter(({ slices }) => slices.some(({ verdict }) => verdict === "filled"));
  expect(filled.length / sellers.length).toBeLessThanOrEqual(FILLED_AT_MOST);
}, 60_000);

test("a column or a confidence that tells what is right makes no slice", () => {
  for (let seed = 0; seed < SELLERS_PER_ATTACK; seed += 1) {
    const column = summaryOf(nullSeller("a column that tells what is right", seed));
    expect(column?.slices.filter(({ name }) => name === "hint")).toEqual([]);
  }
});
