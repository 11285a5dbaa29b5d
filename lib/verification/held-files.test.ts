import { blake2b } from "@noble/hashes/blake2.js";
import { expect, test } from "vitest";
import { toHex } from "@/lib/shared/encoding";
import { modelSigningKind } from "@/lib/statements/kinds/model-signing";
import { makeStatement } from "@/lib/statements/statement";
import { digestOfBytes, hexDigest } from "@/lib/statements/verify-envelope";
import type { HeldFile } from "./file-comparison";
import { judgeHeldFiles } from "./held-files";
import { ORIGIN } from "./market.fixture";
import type { Site } from "./site";
import { filesCheck } from "./wording";

const bytes = "weights of a model";
const held = [{ path: "model.onnx", sha256: hexDigest(bytes) }];

const emptySite: Site = {
  origin: ORIGIN,
  readText: async () => ({ text: null, status: 404 }),
  fetchTile: () => Promise.reject(new Error("there is no log")),
  fetchBundle: () => Promise.reject(new Error("there is no log")),
};

/** One file's list, whose root is the hash of its digest's bytes. */
function signed(serialization: object, resource: { name: string; digest: string; algorithm: string }) {
  const rootOf = (hex: string) => digestOfBytes(Uint8Array.from(Buffer.from(hex, "hex")));
  const predicate = { serialization, resources: [resource] };
  return (root = rootOf(resource.digest)) =>
    makeStatement(modelSigningKind.predicateType, [{ sha256: root }], predicate);
}

const byFiles = { method: "files", hash_type: "sha256" };
const file = { name: "model.onnx", digest: held[0]!.sha256, algorithm: "sha256" };
const check = async (statement: ReturnType<ReturnType<typeof signed>>, files: readonly HeldFile[] = held) =>
  filesCheck(await judgeHeldFiles(statement, files, new Map(), emptySite), "claim");

test("files that a statement lists itself are compared with its list", async () => {
  expect(await check(signed(byFiles, file)())).toMatchObject({ state: "verified" });
  const other = { ...file, digest: hexDigest("other weights") };
  expect(await check(signed(byFiles, other)())).toMatchObject({ state: "failed" });
});

test("a list that the signed root does not follow from compares nothing", async () => {
  expect(await check(signed(byFiles, file)("0".repeat(64)))).toEqual({
    state: "cannot_check",
    message: "its root digest does not follow from its list of files",
  });
});

test("files are read again for a list with other digests, and cannot be checked where that is not possible", async () => {
  const mislabelled = signed(byFiles, { ...file, algorithm: "blake3" });
  expect(await check(mislabelled())).toMatchObject({ state: "cannot_check" });
  const digest = toHex(blake2b(new TextEncoder().encode(bytes)));
  const listed = signed({ method: "files", hash_type: "blake2b" }, { ...file, digest, algorithm: "blake2b" });
  expect(await check(listed())).toEqual({
    state: "cannot_check",
    message: "its files were not hashed with SHA-256, and those in hand cannot be read again",
  });
  const again = (text: string) => [
    { ...held[0]!, digestBy: async () => toHex(blake2b(new TextEncoder().encode(text))) },
  ];
  expect(await check(listed(), again(bytes))).toMatchObject({ state: "verified" });
  expect(await check(listed(), again("changed"))).toMatchObject({ state: "failed" });
});

test("parts of files are not held against whole files", async () => {
  const shards = { method: "shards", hash_type: "sha256", shard_size: 100 };
  const part = { ...file, name: "model.onnx:0:18", digest: hexDigest("a part") };
  expect(await check(signed(shards, part)())).toEqual({
    state: "cannot_check",
    message: "its files were hashed in parts (shards), which are not held against files here",
  });
});

test("what the signer left out fails nothing and is named, because nobody stands by it", async () => {
  const code = { path: "code/load.py", sha256: hexDigest("print()") };
  const other = { path: "other.py", sha256: hexDigest("print(1)") };
  const statement = signed({ ...byFiles, ignore_paths: ["code"] }, file)();
  expect(await check(statement, [...held, code])).toEqual({
    state: "verified",
    message: "model.onnx match: all files of this version; covered by nobody: code/load.py",
  });
  expect(await check(statement, [code])).toEqual({
    state: "cannot_check",
    message: "the signer left out code/load.py, so nobody stands by that",
  });
  expect(await check(statement, [...held, other])).toMatchObject({ state: "failed" });
});

test("a model that is a single file is known by its bytes and called as the model", async () => {
  const statement = signed(byFiles, { ...file, name: "." })();
  expect(await check(statement)).toMatchObject({ state: "verified" });
  expect(await check(statement, [{ path: "model.onnx", sha256: hexDigest("x") }])).toMatchObject({
    state: "failed",
  });
});
