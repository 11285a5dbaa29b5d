import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeBase64 } from "@/lib/shared/encoding";
import { signCheckpoint } from "./checkpoint";
import { type KnownLog, continueLog } from "./continuity";
import { verifyConsistency } from "./merkle-tree";
import { type MemoryLog, buildMemoryLog } from "./memory-log.fixture";
import { verifyByNode } from "./node-ed25519";
import { keyFrom } from "./seeded-key.fixture";
import { SIGNATURE_TYPE, formatVkey } from "./signed-note";
import type { Tile } from "./tile-path";

const ORIGIN = "log.example/log/1";
const logKey = keyFrom(1, ORIGIN, SIGNATURE_TYPE.ed25519);
const otherKey = keyFrom(2, ORIGIN, SIGNATURE_TYPE.ed25519);

const entriesOf = (count: number, story = "a") =>
  Array.from({ length: count }, (_, at) => new TextEncoder().encode(`${story} ${at}`));

async function known(log: MemoryLog, { key, sign } = logKey): Promise<KnownLog> {
  const { size, root } = log;
  const checkpoint = await signCheckpoint({ origin: ORIGIN, size, root, extensions: [] }, key, sign);
  return { vkey: formatVkey(key), checkpoint };
}

const tilesOf = (log: MemoryLog) => async (tile: Tile) => log.readTile(tile);
const noTiles = async (): Promise<Uint8Array> => {
  throw new Error("No tile is needed for this.");
};

test("the first checkpoint seen is kept", async () => {
  const shown = await known(buildMemoryLog(entriesOf(5)));
  expect(await continueLog(null, shown, noTiles, verifyByNode)).toEqual({
    state: "consistent",
    known: shown,
    isFirst: true,
  });
});

test("a log that has grown is consistent at every pair of sizes, and the larger checkpoint is kept", async () => {
  const sizes = fc.integer({ min: 0, max: 600 });
  await fc.assert(
    fc.asyncProperty(sizes, sizes, async (one, other) => {
      const [small, large] = [Math.min(one, other), Math.max(one, other)];
      const [older, newer] = [buildMemoryLog(entriesOf(small)), buildMemoryLog(entriesOf(large))];
      const [kept, shown] = [await known(older), await known(newer)];
      for (const [first, second] of [
        [kept, shown],
        [shown, kept],
      ] as const) {
        const seen = await continueLog(first, second, tilesOf(newer), verifyByNode);
        expect(seen).toEqual({ state: "consistent", known: shown, isFirst: false });
      }
    }),
    { numRuns: 60 },
  );
});

test("a log that rewrote an entry fails, and the evidence holds both checkpoints and the failing proof", async () => {
  for (const [small, large, changed] of [
    [1, 2, 0],
    [5, 9, 3],
    [255, 300, 0],
    [256, 257, 255],
    [300, 600, 299],
  ] as const) {
    const honest = buildMemoryLog(entriesOf(small));
    const entries = entriesOf(large);
    entries[changed] = new TextEncoder().encode("rewritten");
    const forked = buildMemoryLog(entries);
    const [kept, shown] = [await known(honest), await known(forked)];
    const seen = await continueLog(kept, shown, tilesOf(forked), verifyByNode);
    if (seen.state !== "failed") throw new Error(`${small} to ${large} is ${seen.state}.`);
    const { evidence } = seen;
    expect(evidence).toMatchObject({ reason: "forked", kept, shown });
    const hashes = (evidence.proof?.hashes ?? []).map((hash) => decodeBase64(hash)!);
    expect(hashes.length).toBeGreaterThan(0);
    expect(verifyConsistency(honest, forked, hashes)).toBe(false);
    expect(Object.keys(evidence.tiles).length).toBeGreaterThan(0);
  }
});

test("two trees of one size are a fork without any proof", async () => {
  const kept = await known(buildMemoryLog(entriesOf(7)));
  const shown = await known(buildMemoryLog(entriesOf(7, "b")));
  expect(await continueLog(kept, shown, noTiles, verifyByNode)).toMatchObject({
    state: "failed",
    evidence: { reason: "forked", kept, shown, proof: null },
  });
});

test("a log shown shorter than it was, with another history, fails", async () => {
  const honest = buildMemoryLog(entriesOf(20));
  const [kept, shown] = [await known(honest), await known(buildMemoryLog(entriesOf(10, "b")))];
  expect(await continueLog(kept, shown, tilesOf(honest), verifyByNode)).toMatchObject({
    state: "failed",
    evidence: { reason: "forked" },
  });
});

test("another key under the same name fails, whatever it signs", async () => {
  const log = buildMemoryLog(entriesOf(7));
  const [kept, shown] = [await known(log), await known(log, otherKey)];
  expect(await continueLog(kept, shown, noTiles, verifyByNode)).toMatchObject({
    state: "failed",
    evidence: { reason: "other_key" },
  });
});

test("any byte changed in any tile that is read fails, and the tile is kept", async () => {
  const newer = buildMemoryLog(entriesOf(300));
  const [kept, shown] = [await known(buildMemoryLog(entriesOf(200))), await known(newer)];
  const read: Tile[] = [];
  await continueLog(
    kept,
    shown,
    async (tile) => {
      read.push(tile);
      return newer.readTile(tile);
    },
    verifyByNode,
  );
  expect(read.length).toBeGreaterThan(1);
  for (const { level, index } of read) {
    const length = newer.readTile(read.find((tile) => tile.level === level && tile.index === index)!).length;
    for (let at = 0; at < length; at += 37) {
      const seen = await continueLog(
        kept,
        shown,
        async (tile) => {
          const bytes = newer.readTile(tile);
          if (tile.level === level && tile.index === index) bytes[at]! ^= 1;
          return bytes;
        },
        verifyByNode,
      );
      expect(seen).toMatchObject({ state: "failed", evidence: { reason: "tiles_differ" } });
    }
  }
});

test("tiles that cannot be had prove nothing, for or against", async () => {
  const kept = await known(buildMemoryLog(entriesOf(7)));
  const shown = await known(buildMemoryLog(entriesOf(9)));
  const seen = (from: KnownLog, to: KnownLog) => continueLog(from, to, noTiles, verifyByNode);
  expect(await seen(kept, shown)).toEqual({ state: "cannot_check", reason: "unreachable" });
  expect(await seen(shown, kept)).toEqual({ state: "cannot_check", reason: "shrunk" });
});

test("a checkpoint that its key did not sign is not compared, and what was kept stays", async () => {
  const log = buildMemoryLog(entriesOf(7));
  const kept = await known(log);
  const shown = { ...kept, checkpoint: (await known(log, otherKey)).checkpoint };
  expect(await continueLog(kept, shown, noTiles, verifyByNode)).toEqual({
    state: "cannot_check",
    reason: "unreadable",
  });
});
