import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { columnCountOf, featuresOfImage, featuresOfText, matrixOf } from "./features";
import { preprocessingSchema, type Preprocessing } from "./preprocessing";
import { fnv1a } from "./text-hash";

const words: Preprocessing = {
  kind: "text-hash",
  version: 1,
  dimensions: 64,
  units: [{ kind: "word", from: 1, to: 2 }],
  weighting: "logarithm",
  normalisation: "unit-length",
  maxCharacters: 200,
};

describe("hashing text", () => {
  it("FNV-1a gives its published values", () => {
    expect([fnv1a(""), fnv1a("a"), fnv1a("foobar")]).toEqual([0x811c9dc5, 0xe40c292c, 0xbf9cf968]);
  });

  it("case, Unicode form and text past the limit make no difference", () => {
    expect(featuresOfText("Caf\u00e9 AU lait", words)).toEqual(featuresOfText("cafe\u0301 au LAIT", words));
    const filler = "long ".repeat(40);
    expect(featuresOfText(`${filler}tail`, words)).toEqual(featuresOfText(filler, words));
  });

  it("any text becomes a row of length one, or of zeros when it has no words", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (text) => {
        const row = matrixOf([featuresOfText(text, words)], words);
        const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
        expect(row).toHaveLength(64);
        expect(length === 0 || Math.abs(length - 1) < 1e-5).toBe(true);
      }),
    );
  });
});

describe("pictures, numbers and boards", () => {
  const image: Preprocessing = { kind: "image", version: 1, width: 4, height: 2, block: 2 };

  it("a picture becomes the mean of each block", () => {
    const pixels = Uint8Array.from([0, 255, 10, 10, 255, 0, 10, 10]);
    expect(featuresOfImage(pixels, image)).toEqual({ kind: "levels", levels: Uint8Array.from([128, 10]) });
    expect(() => featuresOfImage(pixels.subarray(1), image)).toThrow(RangeError);
  });

  it("numbers are centred and scaled", () => {
    const spec: Preprocessing = {
      kind: "numbers",
      version: 1,
      columns: [{ name: "t", unit: "°C", mean: 10, scale: 4 }],
    };
    expect([...matrixOf([{ kind: "numbers", values: [12] }], spec)]).toEqual([0.5]);
  });

  it("a board becomes own stones, other stones and landing cells", () => {
    const spec: Preprocessing = { kind: "board", version: 1, columns: 4, rows: 4 };
    const row = [...matrixOf([{ kind: "board", cells: "xo..x..........." }], spec)];
    const at = (plane: number) =>
      row.slice(plane * 16, plane * 16 + 16).flatMap((value, index) => (value ? [index] : []));
    expect([at(0), at(1), at(2)]).toEqual([[0, 4], [1], [2, 3, 5, 8]]);
    expect(columnCountOf(spec)).toBe(48);
  });
});

describe("a specification", () => {
  it("of an unknown kind, with an extra key or without bounds is refused", () => {
    const bad = [
      { kind: "script", version: 1, source: "x" },
      { ...words, extra: 1 },
      { ...words, dimensions: 1e9 },
    ];
    for (const spec of bad) expect(preprocessingSchema.safeParse(spec).success).toBe(false);
    expect(preprocessingSchema.safeParse(words).success).toBe(true);
  });
});
