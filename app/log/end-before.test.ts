import { expect, test } from "vitest";
import { endBefore } from "./end-before";

test("a page of the log ends before the entry that is named", () => {
  expect(endBefore("1", 60n)).toBe(1n);
  expect(endBefore("59", 60n)).toBe(59n);
});

test.each(["0", "00", "010", "-1", "60", "1e1", "9".repeat(19), ["3"], undefined])(
  "what names no entry with others before it shows the newest: %s",
  (before) => {
    expect(endBefore(before, 60n)).toBe(60n);
  },
);
