import fc from "fast-check";
import { expect, test } from "vitest";
import { cleanText } from "./clean-text";

test("what can be stored stays as it is; NUL goes and half characters are replaced", () => {
  expect(cleanText("a\0b\uD800c 😀")).toBe("ab\uFFFDc 😀");
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(cleanText(text)).toBe(text.replaceAll("\0", ""));
    }),
  );
});
