import fc from "fast-check";
import { expect, test } from "vitest";
import { NotCanonicalError, canonicalBytes, canonicalJson } from "./jcs";

test("keys are ordered by UTF-16 units, as RFC 8785's own sorting example", () => {
  const value = {
    "\u20ac": "Euro Sign",
    "\r": "Carriage Return",
    "\ufb33": "Hebrew Letter Dalet With Dagesh",
    "1": "One",
    "\ud83d\ude00": "Emoji: Grinning Face",
    "\u0080": "Control",
    "\u00f6": "Latin Small Letter O With Diaeresis",
  };
  expect(canonicalJson(value)).toBe(
    '{"\\r":"Carriage Return","1":"One","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis",' +
      '"\u20ac":"Euro Sign","\ud83d\ude00":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
  );
});

test("control characters are escaped the one way RFC 8785 allows", () => {
  expect(canonicalJson('\u20ac$\u000f\nA\'"\\"/\b\t\f')).toBe('"\u20ac$\\u000f\\nA\'\\"\\\\\\"/\\b\\t\\f"');
  expect(canonicalJson({ b: [null, true, false], a: {} })).toBe('{"a":{},"b":[null,true,false]}');
  expect([...canonicalBytes("é")]).toEqual([0x22, 0xc3, 0xa9, 0x22]);
});

test.each([
  ["a fraction", 0.5],
  ["minus zero", -0],
  ["a number beyond 2^53", 2 ** 53],
  ["NaN", Number.NaN],
  ["undefined", undefined],
  ["undefined inside", { a: undefined }],
  ["a hole", new Array(1)],
  ["a big integer", 1n],
  ["a date", new Date(0)],
  ["a map", new Map()],
  ["a lone surrogate", "\ud800"],
  ["a lone surrogate as key", { "\udc00": 1 }],
  ["a function", () => 1],
])("refuses %s", (_, value) => {
  expect(() => canonicalJson(value)).toThrow(NotCanonicalError);
  expect(() => canonicalJson([{ deep: value }])).toThrow(NotCanonicalError);
});

test("refuses a cycle instead of overflowing", () => {
  const cycle: unknown[] = [];
  cycle.push(cycle);
  expect(() => canonicalJson(cycle)).toThrow(NotCanonicalError);
});

test("the text reads back as the same value, and again gives the same text whatever order keys were set in", () => {
  const scalar = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.constant(null),
  );
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { depthSize: "small" },
      scalar.filter((value) => !Object.is(value, -0)),
      fc.array(tie("tree"), { maxLength: 5 }),
      fc.dictionary(fc.string({ unit: "grapheme" }), tie("tree"), { maxKeys: 5, noNullPrototype: true }),
    ),
  }));
  const shuffled = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(shuffled)
      : value !== null && typeof value === "object"
        ? Object.fromEntries(
            Object.entries(value)
              .reverse()
              .map(([key, member]) => [key, shuffled(member)]),
          )
        : value;
  fc.assert(
    fc.property(tree, (value) => {
      const text = canonicalJson(value);
      expect(JSON.parse(text)).toEqual(value);
      expect(canonicalJson(shuffled(value))).toBe(text);
    }),
  );
});
