import { expect, test } from "vitest";
import { afterEnd } from "./comeback.mjs";

/** The pauses after ends of processes that stood this many seconds each, one after another. */
function pausesAfter(...stood: number[]): (number | null)[] {
  let endsBefore = 0;
  return stood.map((stoodSeconds) => {
    const { ends, pauseSeconds } = afterEnd({ endsBefore, stoodSeconds });
    endsBefore = ends;
    return pauseSeconds;
  });
}

test("a process that ends at once is started again after 0.5, 1, 2, 4 and 8 s, and not after the sixth end", () => {
  expect(pausesAfter(0, 0, 0, 0, 0, 0)).toEqual([0.5, 1, 2, 4, 8, null]);
});

test("whoever stood 60 s begins a new row, and less than that goes on with the old one", () => {
  expect(pausesAfter(0, 0, 60, 59.9, 3600)).toEqual([0.5, 1, 0.5, 1, 0.5]);
});
