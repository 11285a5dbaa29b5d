import { expect, test } from "vitest";
import { waitText } from "./wait-text";

test.each([
  [0, "one second"],
  [1_001, "2 seconds"],
  [89_000, "89 seconds"],
  [90_000, "2 minutes"],
  [3_600_000, "60 minutes"],
  [5_400_001, "2 hours"],
  [86_400_000, "24 hours"],
])("%i milliseconds are %s", (milliseconds, text) => {
  expect(waitText(milliseconds)).toBe(text);
});
