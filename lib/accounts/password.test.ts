import fc from "fast-check";
import { expect, test } from "vitest";
import { passwordProblem } from "./password";

const EMAIL = "johanna.weber@example.org";

test("asks for ten characters and takes two hundred of any kind", () => {
  expect(passwordProblem("nine char", EMAIL)).toMatch(/at least 10/);
  expect(passwordProblem("ten chars!", EMAIL)).toBeNull();
  expect(passwordProblem("köttbullar på söndag", EMAIL)).toBeNull();
  expect(passwordProblem("a b".repeat(66) + "cd", EMAIL)).toBeNull();
  expect(passwordProblem("x7 ".repeat(67), EMAIL)).toMatch(/at most 200/);
});

test("counts characters, not code units", () => {
  expect(passwordProblem("🐟🐠🐡🦀🐙🦑🐚🐳🐋", EMAIL)).toMatch(/at least 10/);
  expect(passwordProblem("🐟🐠🐡🦀🐙🦑🐚🐳🐋🦈", EMAIL)).toBeNull();
});

test.each([
  "password123",
  "Password123!",
  "1234567890",
  "0987654321",
  "12345678901",
  "qwertyuiop",
  "QWERTYUIOP",
  "aaaaaaaaaa",
  "1212121212",
  "abcabcabcabc",
  "iloveyou123",
  "letmein12345",
  "welcome2024",
  "administrator",
  "abcdefghijk",
  "1q2w3e4r5t",
  "passwordpassword",
  "changeme!!!",
  "1111122222",
  "offcut-demo",
  "qwerty12345",
  // From the public list of leaked ones.
  "mississippi",
  "harrypotter",
  "butterfly1!",
])("refuses the common password %s", (password) => {
  expect(passwordProblem(password, EMAIL)).toMatch(/tried first/);
});

test.each(["johanna.weber@example.org", "JOHANNA.WEBER", "johanna.weber1987"])(
  "refuses the own address %s",
  (password) => {
    expect(passwordProblem(password, EMAIL)).toMatch(/own address/);
  },
);

test("a common word with more behind it than anybody appends is no common password", () => {
  expect(passwordProblem("sunflower 7301 9402", EMAIL)).toBeNull();
});

test("asks for no composition: four plain words are enough", () => {
  const word = fc.constantFrom(
    "lathe",
    "mortar",
    "heron",
    "gravel",
    "tulip",
    "anvil",
    "kettle",
    "moss",
    "ferry",
  );
  fc.assert(
    fc.property(fc.uniqueArray(word, { minLength: 4, maxLength: 6 }), (words) => {
      expect(passwordProblem(words.join(" "), EMAIL)).toBeNull();
    }),
  );
});
