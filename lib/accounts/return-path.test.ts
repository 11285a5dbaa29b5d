import fc from "fast-check";
import { expect, test } from "vitest";
import { ownPath } from "./return-path";

test.each([
  "https://evil.example",
  "//evil.example",
  "///evil.example",
  "/\\evil.example",
  "\\\\evil.example",
  "/\t/evil.example",
  "/\n/evil.example",
  "/.//evil.example",
  "/..//evil.example",
  "/a/../..//evil.example",
  "/%2e//evil.example",
  "javascript:alert(1)",
  "data:text/html,x",
  " //evil.example",
  "evil.example",
  "https:evil.example",
  "/\u0000/evil.example",
  "/\u202e/evil.example",
  "",
  null,
  undefined,
  `/${"a".repeat(3000)}`,
])("leads home instead of to %j", (asked) => {
  expect(ownPath(asked)).toBe("/");
});

test.each([
  "/",
  "/deals",
  "/deals/4f?tab=terms#sign",
  "/listings/a-b",
  "/?task=text-classification&task=x",
  "/a%2F%2Fb",
])("keeps the own path %j", (asked) => {
  expect(ownPath(asked)).toBe(asked);
});

test("never leaves this site, whatever is asked", () => {
  const pieces = fc.constantFrom(
    "/",
    "\\",
    ".",
    "..",
    ":",
    "@",
    "evil.example",
    "https",
    "%2e",
    "%5c",
    "?",
    "#",
    "\t",
    "a",
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(pieces).map((parts) => parts.join("")),
      ),
      (asked) => {
        const landed = new URL(ownPath(asked), "https://offcut.example/sign-in");
        expect(landed.origin).toBe("https://offcut.example");
      },
    ),
    { numRuns: 5000 },
  );
});
