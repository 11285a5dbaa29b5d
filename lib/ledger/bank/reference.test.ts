import fc from "fast-check";
import { expect, test } from "vitest";
import { normalReference, paymentReferencesIn, requireReference } from "./reference";

const nothings = [
  "",
  " ",
  "-",
  "\u2010",
  "\u2013",
  "\u2212",
  "\u00a0",
  "\u200b",
  "\u00ad",
  "\u2060",
  "\t",
  "\ufeff",
  "\n",
];
const fullWidth = (letter: string) =>
  /[!-~]/.test(letter) ? String.fromCharCode(letter.charCodeAt(0) + 0xfee0) : letter;

/** One reference as somebody might spell it. */
const spellings = (reference: string) =>
  fc
    .array(fc.tuple(fc.constantFrom(...nothings), fc.nat(2)), {
      ...{ minLength: reference.length, maxLength: reference.length },
    })
    .map((marks) =>
      [...reference]
        .map((letter, at) => {
          const [nothing = "", form] = marks[at] ?? [];
          return nothing + (form === 0 ? letter : form === 1 ? letter.toLowerCase() : fullWidth(letter));
        })
        .join(""),
    );

test("any spelling of one reference is one", () => {
  fc.assert(
    fc.property(
      fc
        .stringMatching(/^[A-Z0-9/.+:?()',]{3,40}$/)
        .chain((reference) => fc.tuple(fc.constant(reference), spellings(reference))),
      ([reference, written]) => {
        expect(normalReference(written)).toBe(reference);
      },
    ),
  );
});

test("a normal form is its own normal form", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const reference = normalReference(text);
      if (reference !== null) expect(normalReference(reference)).toBe(reference);
    }),
  );
});

test.each(["", " - ", "\u200b", "AB", "ÄB12", "АBC", "ß12", "A_B_C", "A".repeat(141)])(
  "%j is no reference of a bank",
  (written) => {
    expect(() => requireReference(written)).toThrow(expect.objectContaining({ code: "reference_invalid" }));
  },
);

test("our reference is found in any spelling and in the middle of words", () => {
  fc.assert(
    fc.property(spellings("OFC7K2M9QXA"), fc.constantFrom("", "Licence ", "SVWZ+"), (written, before) => {
      expect(paymentReferencesIn(`${before}${written} thanks`)).toEqual(["OFC-7K2M-9QXA"]);
    }),
  );
});

test("what is longer, shorter or has letters that we never use is none, and several are several", () => {
  for (const text of ["OFC-7K2M-9QX", "OFC-7K2M-9QXAB", "OFC-7K2M-9QX0", "OFC", ""])
    expect(paymentReferencesIn(text)).toEqual([]);
  expect(paymentReferencesIn("OFC-7K2M-9QXA OFC-7K2M-9QXB ofc7k2m9qxa")).toEqual([
    "OFC-7K2M-9QXA",
    "OFC-7K2M-9QXB",
  ]);
});
