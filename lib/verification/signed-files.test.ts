import { expect, test } from "vitest";
import { compareSignedFiles } from "./signed-files";

const digest = (character: string) => character.repeat(64);
const list = {
  state: "verified" as const,
  method: "key",
  algorithm: "sha256",
  isSharded: false,
  ignored: ["code", "notes.md"],
  files: [
    { path: "leaf.onnx", digest: digest("a") },
    { path: "config.json", digest: digest("b") },
  ],
};
const whole = [
  { path: "leaf.onnx", sha256: digest("a") },
  { path: "config.json", sha256: digest("b") },
];

test("files that the signer left out are none that differ, and are named as covered by nobody", () => {
  const held = [
    ...whole,
    { path: "code/load.py", sha256: digest("c") },
    { path: "notes.md", sha256: digest("d") },
  ];
  expect(compareSignedFiles(list, held)).toMatchObject({
    agreement: "same",
    unlisted: [],
    uncovered: ["code/load.py", "notes.md"],
  });
});

test("a file that is neither listed nor left out, a missing one and a changed one differ", () => {
  const strange = { path: "coder.py", sha256: digest("c") };
  expect(compareSignedFiles(list, [...whole, strange])).toMatchObject({
    agreement: "differs",
    unlisted: ["coder.py"],
  });
  const changed = { path: "config.json", sha256: digest("e") };
  expect(compareSignedFiles(list, [changed])).toMatchObject({
    agreement: "differs",
    changed: ["config.json"],
    missing: ["leaf.onnx"],
  });
});

test("a model that is a single file is known by its bytes", () => {
  const single = { ...list, files: [{ path: ".", digest: digest("a") }] };
  expect(compareSignedFiles(single, whole.slice(0, 1)).agreement).toBe("same");
  expect(compareSignedFiles(single, whole.slice(1)).agreement).toBe("differs");
});

test("parts of files, and other digests than those kept, compare nothing", () => {
  for (const other of [{ isSharded: true }, { algorithm: "blake2b" }])
    expect(compareSignedFiles({ ...list, ...other }, whole).agreement).toBe("other_digests");
});
