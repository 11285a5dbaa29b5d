import fc from "fast-check";
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { toHex } from "@/lib/shared/encoding";
import { buildMemoryLog } from "./memory-log.fixture";
import {
  type Hash,
  type HashReader,
  emptyRoot,
  equalBytes,
  leafHash,
  nodesOfRange,
  proveConsistency,
  proveInclusion,
  treeRoot,
  verifyConsistency,
  verifyInclusion,
} from "./merkle-tree";
import { appendLeaves } from "./right-edge";

/** RFC 6962 §2.1 as it is written there, with another SHA-256: what our tree is compared with. */
function hashOfList(leaves: readonly Uint8Array[]): Buffer {
  const digest = (...parts: Uint8Array[]) => createHash("sha256").update(Buffer.concat(parts)).digest();
  if (leaves.length === 0) return digest();
  if (leaves.length === 1) return digest(Uint8Array.of(0), leaves[0]!);
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return digest(Uint8Array.of(1), hashOfList(leaves.slice(0, split)), hashOfList(leaves.slice(split)));
}

const entry = (at: number) => new TextEncoder().encode(`entry ${at}`);
const entriesTo = (size: number) => Array.from({ length: size }, (_, at) => entry(at));

/** Reads nodes straight from the leaves, with a memory of what was computed. */
function readerOver(leaves: readonly Uint8Array[]): HashReader {
  const known = new Map<string, Hash>();
  return async (nodes) =>
    nodes.map(({ level, index }) => {
      const key = `${level}/${index}`;
      const begin = Number(index << BigInt(level));
      const hash = known.get(key) ?? new Uint8Array(hashOfList(leaves.slice(begin, begin + 2 ** level)));
      known.set(key, hash);
      return hash;
    });
}

const everyEntry = entriesTo(600);
const read = readerOver(everyEntry);
const roots = Array.from({ length: 601 }, (_, size) => new Uint8Array(hashOfList(everyEntry.slice(0, size))));
const treeOf = (size: number) => ({ size: BigInt(size), root: roots[size]! });

test("the eight-leaf tree of Certificate Transparency's own tests has its known roots", () => {
  const leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"];
  leaves.push("606162636465666768696a6b6c6d6e6f");
  const bytes = leaves.map((hex) => new Uint8Array(Buffer.from(hex, "hex")));
  const rootsOf = bytes.map((_, at) => toHex(buildMemoryLog(bytes.slice(0, at + 1)).root));
  expect(rootsOf).toEqual([
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  ]);
  expect(toHex(emptyRoot())).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
});

test("every size from 0 to 600 has the root that the specification's recursion gives", async () => {
  for (let size = 0; size <= 600; size++) {
    expect(equalBytes(await treeRoot(BigInt(size), read), roots[size]!)).toBe(true);
    expect(equalBytes(buildMemoryLog(everyEntry.slice(0, size)).root, roots[size]!)).toBe(true);
  }
});

test("a tree grown in any steps is the tree built at once", () => {
  const hashes = everyEntry.map(leafHash);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 6 }), (steps) => {
      let tree = { size: 0n, root: emptyRoot() };
      const rows = new Map<string, { level: number; index: bigint; data: Uint8Array }>();
      for (const step of steps) {
        const from = Number(tree.size);
        const { tiles, ...grown } = appendLeaves(
          tree.size,
          [...rows.values()],
          hashes.slice(from, Math.min(from + step, 600)),
        );
        for (const row of tiles) rows.set(`${row.level}/${row.index}`, row);
        tree = grown;
      }
      expect(equalBytes(tree.root, roots[Number(tree.size)]!)).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test("every leaf of every size is proven, and under no other size, index or leaf", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 600 }), fc.nat(), fc.nat(600), async (size, seed, other) => {
      const index = seed % size;
      const proof = await proveInclusion(BigInt(index), BigInt(size), read);
      const leaf = { index: BigInt(index), hash: leafHash(entry(index)) };
      expect(verifyInclusion(leaf, treeOf(size), proof)).toBe(true);
      if (other !== size) expect(verifyInclusion(leaf, treeOf(other), proof)).toBe(false);
      if (other !== index) {
        expect(verifyInclusion({ ...leaf, index: BigInt(other) }, treeOf(size), proof)).toBe(false);
        expect(verifyInclusion({ ...leaf, hash: leafHash(entry(other)) }, treeOf(size), proof)).toBe(false);
      }
      expect(verifyInclusion(leaf, treeOf(size), [...proof, leaf.hash])).toBe(false);
      if (proof.length > 0) expect(verifyInclusion(leaf, treeOf(size), proof.slice(1))).toBe(false);
      if (proof.length > 0) expect(verifyInclusion(leaf, treeOf(size), proof.slice(0, -1))).toBe(false);
    }),
    { numRuns: 2_000 },
  );
});

test("every size extends every smaller one by a proof that holds for no other pair", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 600 }), fc.nat(), fc.nat(600), async (size, seed, other) => {
      const old = 1 + (seed % size);
      const proof = await proveConsistency(BigInt(old), BigInt(size), read);
      expect(verifyConsistency(treeOf(old), treeOf(size), proof)).toBe(true);
      if (other !== size && other !== 0)
        expect(verifyConsistency(treeOf(old), { size: BigInt(size), root: roots[other]! }, proof)).toBe(
          false,
        );
      if (other !== old)
        expect(verifyConsistency({ size: BigInt(old), root: roots[other]! }, treeOf(size), proof)).toBe(
          false,
        );
      expect(verifyConsistency(treeOf(old), treeOf(size), [...proof, roots[old]!])).toBe(false);
      if (proof.length > 0)
        expect(verifyConsistency(treeOf(old), treeOf(size), proof.slice(0, -1))).toBe(false);
    }),
    { numRuns: 2_000 },
  );
});

test("sizes around powers of 256 are proven like any other", async () => {
  for (const size of [255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537]) {
    const leaves = entriesTo(size);
    const log = buildMemoryLog(leaves);
    const reader = readerOver(leaves);
    expect(equalBytes(await treeRoot(BigInt(size), reader), log.root)).toBe(true);
    for (const index of [0, 1, 255, 256, size - 1].filter((at) => at < size)) {
      const proof = await proveInclusion(BigInt(index), BigInt(size), reader);
      expect(verifyInclusion({ index: BigInt(index), hash: leafHash(entry(index)) }, log, proof)).toBe(true);
    }
    for (const old of [1, 254, 255, 256, size - 1, size].filter((at) => at <= size && at > 0)) {
      const older = { size: BigInt(old), root: await treeRoot(BigInt(old), reader) };
      const proof = await proveConsistency(BigInt(old), BigInt(size), reader);
      expect(verifyConsistency(older, log, proof)).toBe(true);
    }
  }
}, 120_000);

test("every tree extends the empty one without a proof, and no tree shrinks to it", async () => {
  const empty = { size: 0n, root: emptyRoot() };
  expect(verifyConsistency(empty, treeOf(5), [])).toBe(true);
  expect(verifyConsistency(empty, empty, [])).toBe(true);
  expect(verifyConsistency(empty, treeOf(5), [roots[5]!])).toBe(false);
  expect(verifyConsistency({ size: 0n, root: roots[1]! }, treeOf(5), [])).toBe(false);
  expect(verifyConsistency(treeOf(5), empty, [])).toBe(false);
  await expect(proveConsistency(0n, 5n, read)).rejects.toThrow(RangeError);
  await expect(proveConsistency(6n, 5n, read)).rejects.toThrow(RangeError);
  await expect(proveInclusion(5n, 5n, read)).rejects.toThrow(RangeError);
});

test("a hash of another length proves nothing", async () => {
  const proof = await proveInclusion(2n, 5n, read);
  const leaf = { index: 2n, hash: leafHash(entry(2)) };
  const longer = proof.map((hash, at) => (at === 0 ? Uint8Array.from([...hash, 0]) : hash));
  expect(verifyInclusion(leaf, treeOf(5), longer)).toBe(false);
});

test("a range is covered by the fewest perfect subtrees, each once", () => {
  fc.assert(
    fc.property(fc.nat(100_000), (size) => {
      const nodes = nodesOfRange(0n, BigInt(size));
      expect(nodes.length).toBe(size.toString(2).replaceAll("0", "").length);
      expect(nodes.reduce((sum, { level }) => sum + 2 ** level, 0)).toBe(size);
    }),
  );
});

test("an edge that belongs to another size is not built on", () => {
  const { tiles } = appendLeaves(0n, [], everyEntry.slice(0, 300).map(leafHash));
  expect(() => appendLeaves(301n, tiles, [])).toThrow(RangeError);
  expect(() =>
    appendLeaves(
      300n,
      tiles.filter(({ level }) => level > 0),
      [],
    ),
  ).toThrow(RangeError);
});
