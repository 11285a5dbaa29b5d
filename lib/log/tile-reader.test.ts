import fc from "fast-check";
import { expect, test } from "vitest";
import { formatEntryBundle, readEntryBundle } from "./entry-bundle";
import { buildMemoryLog } from "./memory-log.fixture";
import {
  leafHash,
  proveConsistency,
  proveInclusion,
  verifyConsistency,
  verifyInclusion,
} from "./merkle-tree";
import { type Tile, entryBundlePath, readLogPath, tilePath, tileWidth, tilesOfTree } from "./tile-path";
import { TileError, openTiles } from "./tile-reader";

const entry = (at: number) => new TextEncoder().encode(`row ${at}`);
const logOf = (size: number) => buildMemoryLog(Array.from({ length: size }, (_, at) => entry(at)));
const placeOf = ({ level, index }: Tile) => `${level}/${index}`;

const isRefused = (read: Promise<unknown>) =>
  read.then(
    () => false,
    (error: unknown) => error instanceof TileError,
  );

/** Sizes whose binary form has many ones, where a reader that authenticates too late is found out. */
const manyOnes = [255, 511, 767, 65_535, 70_000];

test("whatever tile is corrupted, nothing read through it is believed", async () => {
  const believed: string[] = [];
  for (const size of manyOnes) {
    const log = logOf(size);
    for (const broken of tilesOfTree(log.size)) {
      const reader = openTiles(log, async (tile) => {
        const bytes = log.readTile(tile);
        if (placeOf(tile) === placeOf(broken)) bytes[bytes.length - 1]! ^= 1;
        return bytes;
      });
      if (!(await isRefused(reader.readTile(broken.level, broken.index)))) believed.push(tilePath(broken));
      const under = broken.index << BigInt(8 * broken.level + 8);
      if (!(await isRefused(proveInclusion(under, log.size, reader.readHashes))))
        believed.push(`leaf ${under}`);
    }
  }
  expect(believed).toEqual([]);
}, 240_000);

test("no byte of any tile can change and be believed", async () => {
  const log = logOf(300);
  const believed: string[] = [];
  for (const broken of tilesOfTree(log.size)) {
    for (let at = 0; at < broken.width * 32; at++) {
      const reader = openTiles(log, async (tile) => {
        const bytes = log.readTile(tile);
        if (placeOf(tile) === placeOf(broken)) bytes[at]! ^= 1 << (at % 8);
        return bytes;
      });
      if (!(await isRefused(reader.readTile(broken.level, broken.index))))
        believed.push(`${tilePath(broken)} at ${at}`);
    }
  }
  expect(believed).toEqual([]);
}, 120_000);

test("a leaf's own tile is compared with its parent, though its hashes are not on the right edge", async () => {
  const log = logOf(70_000);
  const forged = (tile: Tile) => {
    const bytes = log.readTile(tile);
    if (tile.level === 0 && tile.index === 100n) bytes.fill(7, 0, 32);
    return bytes;
  };
  const reader = openTiles(log, async (tile) => forged(tile));
  await expect(reader.readHashes([{ level: 0, index: 25_600n }])).rejects.toThrow("differs from its parent");
});

test("tiles of one root give every proof of its tree", async () => {
  for (const size of [1, 2, 255, 256, 257, 600, 65_536, 70_000]) {
    const log = logOf(size);
    const reader = openTiles(log, async (tile) => log.readTile(tile));
    for (const at of [0, 1, 17, 254, 255, 256, size - 1].filter((index) => index < size)) {
      const proof = await proveInclusion(BigInt(at), log.size, reader.readHashes);
      expect(verifyInclusion({ index: BigInt(at), hash: leafHash(entry(at)) }, log, proof)).toBe(true);
      const older = logOf(at + 1);
      const growth = await proveConsistency(older.size, log.size, reader.readHashes);
      expect(verifyConsistency(older, log, growth)).toBe(true);
    }
  }
}, 120_000);

test("each tile is fetched once, and none outside the tree", async () => {
  const log = logOf(1_000);
  const fetched: string[] = [];
  const reader = openTiles(log, async (tile) => {
    fetched.push(tilePath(tile));
    return log.readTile(tile);
  });
  for (let at = 0n; at < 1_000n; at += 7n) await proveInclusion(at, log.size, reader.readHashes);
  expect(fetched.sort()).toEqual([...tilesOfTree(log.size)].map(tilePath).sort());
  await expect(reader.readTile(0, 4n)).rejects.toThrow(RangeError);
  await expect(reader.readHashes([{ level: 0, index: 1_000n }])).rejects.toThrow(RangeError);
});

test("a tile that is too short or too long is refused before it is read", async () => {
  const log = logOf(300);
  for (const change of [(bytes: Uint8Array) => bytes.slice(1), () => new Uint8Array(9e6)]) {
    const reader = openTiles(log, async (tile) => change(log.readTile(tile)));
    await expect(reader.readTile(0, 0n)).rejects.toThrow(TileError);
  }
});

test("another root refuses every tile", async () => {
  const log = logOf(300);
  const reader = openTiles({ size: log.size, root: logOf(299).root }, async (tile) => log.readTile(tile));
  for (const { level, index } of tilesOfTree(log.size))
    await expect(reader.readTile(level, index)).rejects.toThrow(TileError);
});

test("entries are believed when their hashes are the tree's", async () => {
  const log = logOf(300);
  const reader = openTiles(log, async (tile) => log.readTile(tile));
  const entries = await reader.readEntries(1n, async (bundle) => log.readBundle(bundle));
  expect(entries.map((bytes) => new TextDecoder().decode(bytes))[43]).toBe("row 299");
  const { length } = log.readBundle({ index: 1n, width: 44 });
  for (let at = 0; at < length; at++) {
    const changed = reader.readEntries(1n, async (bundle) => {
      const bytes = log.readBundle(bundle);
      bytes[at]! ^= 1 << (at % 8);
      return bytes;
    });
    await expect(changed).rejects.toThrow(TileError);
  }
});

test("an entry bundle is read back as it was written, and with nothing missing or left over", () => {
  const entries = fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 20 });
  fc.assert(
    fc.property(entries, (list) => {
      const bundle = formatEntryBundle(list);
      expect(readEntryBundle(bundle, list.length)).toEqual(list);
      expect(readEntryBundle(Uint8Array.from([...bundle, 0]), list.length)).toBeNull();
      expect(readEntryBundle(bundle, list.length + 1)).toBeNull();
      if (list.length > 0) expect(readEntryBundle(bundle.slice(0, -1), list.length)).toBeNull();
    }),
  );
  const longest = new Uint8Array(65_535).fill(3);
  expect(readEntryBundle(formatEntryBundle([longest]), 1)).toEqual([longest]);
  expect(() => formatEntryBundle([new Uint8Array(65_536)])).toThrow(RangeError);
});

test("paths follow the specification's spelling", () => {
  expect(tilePath({ level: 0, index: 1_234_067n, width: 256 })).toBe("tile/0/x001/x234/067");
  expect(tilePath({ level: 1, index: 5n, width: 3 })).toBe("tile/1/005.p/3");
  expect(entryBundlePath({ index: 1_000n, width: 256 })).toBe("tile/entries/x001/000");
  expect(entryBundlePath({ index: 0n, width: 255 })).toBe("tile/entries/000.p/255");
});

test("every path is read back, and no other spelling is a path", () => {
  const tiles = fc.record({
    level: fc.integer({ min: 0, max: 7 }),
    index: fc.bigInt({ min: 0n, max: 2n ** 55n }),
    width: fc.integer({ min: 1, max: 256 }),
  });
  fc.assert(
    fc.property(tiles, (tile) => {
      expect(readLogPath(tilePath(tile))).toEqual({ kind: "hashes", ...tile });
      const { index, width } = tile;
      expect(readLogPath(entryBundlePath({ index, width }))).toEqual({ kind: "entries", index, width });
    }),
  );
  const wrong = [
    "tile/8/000",
    "tile/0/0",
    "tile/0/000.p/0",
    "tile/0/000.p/256",
    "tile/0/x000/001",
    "tile/0/001/002",
  ];
  wrong.push(
    "tile/0/000.p/01",
    "tile/-1/000",
    "tile/entries/1000",
    "/tile/0/000",
    "tile/0/000/",
    "tile/00/000",
  );
  wrong.push("tile/0/x001/x002", "tile/0/000.p/", "tile/data/000", "tile/0/000.p/1/2", "tile/0/x1/000", "");
  expect(wrong.filter((path) => readLogPath(path))).toEqual([]);
});

test("the tiles of a tree hold each complete subtree of 256 once", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 500_000 }), (size) => {
      const tiles = [...tilesOfTree(BigInt(size))];
      for (const { level, index, width } of tiles) expect(tileWidth(level, index, BigInt(size))).toBe(width);
      const leaves = tiles.filter(({ level }) => level === 0).reduce((sum, { width }) => sum + width, 0);
      expect(leaves).toBe(size);
      expect(tiles.every(({ width }) => width > 0)).toBe(true);
    }),
    { numRuns: 50 },
  );
});
