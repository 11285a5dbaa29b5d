import { expect, test } from "vitest";
import { sizeText } from "./size-text";

test.each([
  [0, "0 bytes"],
  [999, "999 bytes"],
  [1_000n, "1.0 kB"],
  ["2449", "2.4 kB"],
  [99_940, "99.9 kB"],
  [99_960, "100 kB"],
  [999_499, "999 kB"],
  [999_500, "1.0 MB"],
  [8 * 1024 ** 3, "8.6 GB"],
  [5e15, "5000 TB"],
])("%s is shown as %s", (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});
