import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { modelManifest } from "./model-manifest";

const digestOf = (text: string) => createHash("sha256").update(text).digest("hex");
const file = (path: string, content = path) => ({ path, sha256: digestOf(content) });

test("the manifest names every file and its digest as canonical JSON", () => {
  expect(modelManifest([file("model.onnx"), file("config.json")])).toBe(
    `{"hash_type":"sha256","method":"files","resources":[` +
      `{"algorithm":"sha256","digest":"${digestOf("config.json")}","name":"config.json"},` +
      `{"algorithm":"sha256","digest":"${digestOf("model.onnx")}","name":"model.onnx"}]}`,
  );
});

test("files are ordered by UTF-8 bytes, not by folders and not by UTF-16 units", () => {
  const names = ["tokenizer/vocab.json", "tokenizer.json", "\u{10000}", "\uffff", "config.json"];
  const text = modelManifest(names.map((name) => file(name)));
  const order = (JSON.parse(text) as { resources: { name: string }[] }).resources.map(({ name }) => name);
  expect(order).toEqual(["config.json", "tokenizer.json", "tokenizer/vocab.json", "\uffff", "\u{10000}"]);
});

test("a renamed file, or the same bytes split over other names, is another model", () => {
  const one = modelManifest([file("a.bin", "x"), file("b.bin", "y")]);
  expect(modelManifest([file("a2.bin", "x"), file("b.bin", "y")])).not.toBe(one);
  expect(modelManifest([file("a.bin", "y"), file("b.bin", "x")])).not.toBe(one);
});

test("the order in which files are named does not matter", () => {
  const path = fc.stringMatching(/^[a-z0-9_]{1,6}(\/[a-z0-9_]{1,6}){0,2}$/);
  fc.assert(
    fc.property(fc.uniqueArray(path, { minLength: 1, maxLength: 8 }), (paths) => {
      const files = paths.map((name) => file(name));
      expect(modelManifest([...files].reverse())).toBe(modelManifest(files));
    }),
  );
});

test.each([
  ["", "path_empty"],
  ["/etc/passwd", "path_absolute"],
  ["C:/x", "path_absolute"],
  ["../x", "path_parent"],
  ["a/../b", "path_parent"],
  ["a//b", "path_not_plain"],
  ["./a", "path_not_plain"],
  ["a/", "path_not_plain"],
  ["a\\b", "path_not_plain"],
  ["a\nb", "path_not_plain"],
  ["\ud800", "path_not_plain"],
  ["a".repeat(501), "path_too_long"],
])("refuses the path %j", (path, code) => {
  expect(() => modelManifest([file(path, "x")])).toThrow(expect.objectContaining({ code }));
});

test("refuses no files, repeated names and malformed digests", () => {
  expect(() => modelManifest([])).toThrow(expect.objectContaining({ code: "no_files" }));
  expect(() => modelManifest([file("a"), file("a", "other")])).toThrow(
    expect.objectContaining({ code: "path_repeated" }),
  );
  expect(() => modelManifest([{ path: "a", sha256: "A".repeat(64) }])).toThrow(
    expect.objectContaining({ code: "digest_malformed" }),
  );
});
