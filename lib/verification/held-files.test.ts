import { expect, test } from "vitest";
import { modelSigningKind } from "@/lib/statements/kinds/model-signing";
import { makeStatement } from "@/lib/statements/statement";
import { digestOfBytes, hexDigest } from "@/lib/statements/verify-envelope";
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
const check = async (statement: ReturnType<ReturnType<typeof signed>>) =>
  filesCheck(await judgeHeldFiles(statement, held, new Map(), emptySite), "claim");

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

test("a digest of another algorithm is not taken for SHA-256", async () => {
  const mislabelled = signed(byFiles, { ...file, algorithm: "blake3" });
  expect(await check(mislabelled())).toMatchObject({ state: "cannot_check" });
  const blake3 = signed({ method: "files", hash_type: "blake3" }, { ...file, algorithm: "blake3" });
  expect(await check(blake3())).toEqual({
    state: "cannot_check",
    message: "its files were not hashed with SHA-256",
  });
});

test("parts of files are not held against whole files", async () => {
  const shards = { method: "shards", hash_type: "sha256", shard_size: 100 };
  const part = { ...file, name: "model.onnx:0:18", digest: hexDigest("a part") };
  expect(await check(signed(shards, part)())).toEqual({
    state: "cannot_check",
    message: "its files were hashed in shards",
  });
});
