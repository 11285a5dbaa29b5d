import { expect, test } from "vitest";
import { inGroups } from "./in-groups";

test("each item has its own outcome, and those that come meanwhile share the next group", async () => {
  const groups: number[][] = [];
  const double = inGroups<number, number>(3, async (items) => {
    groups.push([...items]);
    await new Promise((resolve) => setTimeout(resolve, 5));
    return items.map((item) => item * 2);
  });
  const numbers = Array.from({ length: 8 }, (_, at) => at);
  expect(await Promise.all(numbers.map(double))).toEqual(numbers.map((number) => number * 2));
  expect(groups).toEqual([
    [0, 1, 2],
    [3, 4, 5],
    [6, 7],
  ]);
  expect(await double(50)).toBe(100);
});

test("a group that fails fails for each of its items, and not for the next ones", async () => {
  const odd = inGroups<number, number>(2, async (items) => {
    if (items.includes(1)) throw new Error("one");
    return items;
  });
  const outcomes = await Promise.allSettled([0, 1, 2, 3].map(odd));
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected", "fulfilled", "fulfilled"]);
});

test("an outcome is never given to another item", async () => {
  const short = inGroups<number, number>(4, async (items) => items.slice(1));
  await expect(Promise.all([1, 2].map(short))).rejects.toThrow("one outcome for each");
});
