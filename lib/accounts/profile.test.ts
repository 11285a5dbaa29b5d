import fc from "fast-check";
import { expect, test } from "vitest";
import { displayNameProblem, handleFrom, handleProblem, websiteProblem } from "./profile";

test.each(["anna", "a-b-c", "0x1", "a23456789012345678901234567890"])("takes the handle %s", (handle) => {
  expect(handleProblem(handle)).toBeNull();
});

test.each([
  "ab",
  "-anna",
  "anna-",
  "an--na",
  "Anna",
  "an na",
  "änna",
  "a".repeat(31),
  "admin",
  "offcut-team",
  "demo-seller",
  "a/b",
  "a.b",
])("refuses the handle %s", (handle) => {
  expect(handleProblem(handle)).not.toBeNull();
});

test("makes a usable handle of any name", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.stringMatching(/^[a-z0-9]{4}$/), (name, suffix) => {
      expect(handleProblem(handleFrom(name, suffix))).toBeNull();
    }),
  );
  expect(handleFrom("Jürgen Groß")).toBe("jurgen-gro");
  expect(handleFrom("Administrator", "x1y2")).toBe("member-x1y2");
});

test.each(["Anna K.", "李雷", "O’Neil & Sons", "Łukasz 2"])("takes the name %s", (name) => {
  expect(displayNameProblem(name)).toBeNull();
});

test.each([
  "A",
  "a".repeat(61),
  "Anna\u202eKcut",
  "a\u200bb",
  "Offcut support",
  "Moderator",
  "Seller (demo)",
  "a\nb",
])("refuses the name %j", (name) => {
  expect(displayNameProblem(name)).not.toBeNull();
});

test.each([
  "http://a.example",
  "javascript:alert(1)",
  "https://u:p@a.example",
  "//a.example",
  "https://localhost",
  "mailto:a@b.c",
  "a.example",
])("refuses the website %s", (url) => {
  expect(websiteProblem(url)).not.toBeNull();
});

test("takes an https website, or none", () => {
  expect(websiteProblem("https://a.example/x?y#z")).toBeNull();
  expect(websiteProblem("")).toBeNull();
});
