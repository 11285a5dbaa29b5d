import fc from "fast-check";
import { expect, test } from "vitest";
import { isPlainName, withoutUnseen } from "./plain-name";

test.each([
  "Müller & Søn, Łódź",
  "日本語の名前",
  "שלום",
  "می‌خواهم",
  "نامه‌ای",
  "क्‍ष",
  "ශ්‍රී ලංකා",
  "👩‍🔬",
  "👩🏽‍🔬",
  "🏳️‍🌈",
  "❤️ 1️⃣",
  "a\u0301",
])("a name may be written in any script, with joiners where they are seen: %s", (name) => {
  expect(isPlainName(name)).toBe(true);
});

const unseen: [string, string][] = [
  ...[0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069, 0x200e, 0x200f, 0x61c],
  ...[0x200b, 0x2060, 0xfeff, 0xad, 0x180e, 0x34f, 0x115f, 0x1160, 0x3164, 0xffa0, 0x2800, 0xe0041, 0xe0001],
  ...[0, 7, 9, 10, 13, 0x1b, 0x7f, 0x85, 0x2028, 0x2029, 0xd800, 0xe000, 0xfff9, 0xfe0f, 0xe0100, 0x206a],
].map((code) => [code.toString(16), `Good${String.fromCodePoint(code)}name`]);

test.each([
  ...unseen,
  ["ZWJ between letters", "Good\u200Dname"],
  ["ZWNJ between letters", "Good\u200Cname"],
  ["ZWNJ after a letter that never joins", "دا\u200Cر"],
  ["ZWNJ at the end", "می\u200C"],
  ["ZWJ at the end of an emoji", "👩\u200D"],
  ["ZWJ before a letter", "👩\u200Da"],
  ["two joiners", "👩\u200D\u200D🔬"],
])("a name holds nothing unseen: %s", (_, name) => {
  expect(isPlainName(name)).toBe(false);
  expect(isPlainName(withoutUnseen(name))).toBe(true);
});

test("what is left of any text is a plain name, and of a plain name everything", () => {
  const text = fc.string({
    unit: fc.constantFrom("a", "\u200C", "\u200D", "\u202E", "👩", "🔬", "\uFE0F", "ک", "क", "\u094D"),
  });
  fc.assert(
    fc.property(text, (name) => {
      const kept = withoutUnseen(name);
      expect(/[\u202E\u200B]/.test(kept)).toBe(false);
      expect(isPlainName(name)).toBe(kept === name);
    }),
  );
});
