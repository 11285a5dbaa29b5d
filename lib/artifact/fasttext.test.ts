import { describe, expect, it } from "vitest";
import { checkArtifact } from "./detect";
import { fasttextBytes } from "./fasttext.fixture";

const model = fasttextBytes({ good: [3, 0], bad: [0, 3] }, ["yes", "no"]);

function check(bytes: Uint8Array, name = "model.bin") {
  return checkArtifact(name, {
    sizeBytes: bytes.length,
    read: async (offset, length) => bytes.subarray(offset, offset + length),
  });
}

describe("a fastText model", () => {
  it("is kept as .bin and .ftz, with its labels", async () => {
    for (const name of ["model.bin", "model.ftz"])
      expect(await check(model, name)).toEqual({
        format: "fasttext",
        ok: true,
        facts: { dimensions: 2, words: 3, labels: ["yes", "no"], isQuantised: false },
      });
  });

  it("is refused cut off at any byte of its head and dictionary, and with bytes after its weights", async () => {
    for (let length = 5; length < 180; length += 7)
      expect(await check(model.subarray(0, length))).toMatchObject({ ok: false });
    expect(await check(model.subarray(0, -1))).toMatchObject({ refusalCode: "truncated" });
    expect(await check(Buffer.concat([model, Buffer.from([0])]))).toMatchObject({
      refusalCode: "size_mismatch",
    });
  });

  it("is refused in another version, and where it holds vectors of words alone", async () => {
    const other = fasttextBytes({}, ["yes", "no"], { version: 11 });
    expect(await check(other)).toMatchObject({ refusalCode: "unsupported_version" });
    const vectors = fasttextBytes({}, ["yes", "no"], { kind: 2 });
    expect(await check(vectors)).toMatchObject({ refusalCode: "unsupported_type" });
  });
});
