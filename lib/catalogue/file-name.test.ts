import { expect, test } from "vitest";
import { freeFileName, safeFileName } from "./file-name";

test.each([
  ["model.onnx", "model.onnx"],
  ["C:\\models\\model.onnx", "model.onnx"],
  ["../../etc/passwd", "passwd"],
  ["a\u0000b\u202Ec.gguf", "abc.gguf"],
  ["..", "file"],
  ["", "file"],
  ["   ", "file"],
])("%j is kept as %j", (given, kept) => {
  expect(safeFileName(given)).toBe(kept);
});

test("a name that is taken gets the first free number before its ending", () => {
  expect(freeFileName("model.onnx", new Set())).toBe("model.onnx");
  expect(freeFileName("model.onnx", new Set(["model.onnx", "model-2.onnx"]))).toBe("model-3.onnx");
  expect(freeFileName("README", new Set(["README"]))).toBe("README-2");
});
