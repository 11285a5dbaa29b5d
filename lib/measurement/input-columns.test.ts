import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inputColumnWords, inputColumnsOf } from "./input-columns";

const of = (text: string) => Object.fromEntries(inputColumnsOf({ kind: "text", text }));

describe("columns of an input", () => {
  it("follow from a text as they are defined", () => {
    expect(of("Zwei Wörter\r\nsee http://a.test <b>NOW</b> ٣\n")).toEqual({
      input_characters: "44",
      input_words: "10",
      input_lines: "2",
      input_has_digits: "true",
      input_has_url: "true",
      input_has_html: "true",
      input_capitals_share: "0.19",
      input_script: "latin",
    });
  });

  it("are the same however a text is composed, and never fail", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        expect(of(text.normalize("NFD"))).toEqual(of(text.normalize("NFC")));
        for (const name of Object.keys(of(text))) expect(inputColumnWords).toHaveProperty(name);
      }),
    );
  });

  it("name the script of most letters, and none where there are no letters", () => {
    const scripts = ["Привет, world", "مرحبا", "한국어 漢字", "123 !"].map((text) => of(text).input_script);
    expect(scripts).toEqual(["cyrillic", "arabic", "hangul", ""]);
  });

  it("count no line in nothing, and one in a text without a break", () => {
    expect([
      of("").input_lines,
      of("a").input_lines,
      of("a\n").input_lines,
      of("a\n\nb").input_lines,
    ]).toEqual(["0", "1", "1", "3"]);
  });

  it("of a picture are what its decoder saw, and nothing else that it says", () => {
    const seen = { image_width: "28", label: "cat" };
    expect([...inputColumnsOf({ kind: "image", base64: "" }, seen)]).toEqual([["image_width", "28"]]);
  });
});
