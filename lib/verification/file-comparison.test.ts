import { expect, test } from "vitest";
import { modelManifest } from "@/lib/catalogue/model-manifest";
import { compareFiles, readManifest } from "./file-comparison";
import { filesCheck } from "./wording";

const digest = (character: string) => character.repeat(64);
const manifest = [
  { path: "model.onnx", sha256: digest("a") },
  { path: "README.md", sha256: digest("b") },
];

const check = (held: Parameters<typeof compareFiles>[1]) => filesCheck(compareFiles(manifest, held), "card");

test("reads back what a version's manifest names", () => {
  const read = readManifest(modelManifest(manifest));
  expect(read).toHaveLength(2);
  expect(read).toEqual(expect.arrayContaining(manifest));
});

test.each(["", "{", "{}", '{"resources":[{"name":1}]}', "null"])(
  "another form is no manifest: %s",
  (text) => {
    expect(readManifest(text)).toBeNull();
  },
);

test("files count by their bytes, whatever they are called", () => {
  const renamed = check([{ path: "copy.bin", sha256: digest("a") }]);
  expect(renamed).toMatchObject({ state: "verified", message: expect.stringContaining("1 more") });
});

test("all files seen are told from some", () => {
  const all = check(manifest);
  expect(all).toMatchObject({ state: "verified", message: expect.stringContaining("all files") });
});

test("one file that differs, or does not belong, fails the whole", () => {
  const differs = check([manifest[1]!, { path: "weights/model.onnx", sha256: digest("c") }]);
  expect(differs).toMatchObject({ state: "failed", message: expect.stringContaining("differs") });
  const foreign = check([{ path: "other.bin", sha256: digest("c") }]);
  expect(foreign).toMatchObject({ state: "failed", message: expect.stringContaining("not among") });
});
