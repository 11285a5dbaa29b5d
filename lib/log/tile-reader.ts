import { readEntryBundle } from "./entry-bundle";
import { HASH_BYTES, type Hash, type HashReader, type TreeNode, equalBytes, leafHash } from "./merkle-tree";
import { partialTiles, perfectRoot, rootOfRightEdge, splitHashes } from "./right-edge";
import { type EntryBundle, TILE_WIDTH, type Tile, tileOfNode, tileWidth } from "./tile-path";

/** A tile is not the one that the signed root stands for: the log, or who passed it on, shows something else. */
export class TileError extends Error {
  constructor(
    readonly tile: Tile,
    what: string,
  ) {
    super(`Tile ${tile.level}/${tile.index} of width ${tile.width} ${what}.`);
    this.name = "TileError";
  }
}

export type TileReader = {
  /** Hashes of complete nodes, each from tiles that lead to the signed root. */
  readHashes: HashReader;
  /** The hashes of one tile, authenticated. */
  readTile: (level: number, index: bigint) => Promise<Hash[]>;
  /** Entries of one bundle, each with the leaf hash that the tree holds for it. */
  readEntries: (index: bigint, fetchBundle: FetchBundle) => Promise<Uint8Array[]>;
};

export type FetchTile = (tile: Tile) => Promise<Uint8Array>;
export type FetchBundle = (bundle: EntryBundle) => Promise<Uint8Array>;

/**
 * Reads a tree of a signed size and root from tiles that anybody may serve. No hash is given out before its tile was
 * compared: tiles of the right edge against the root itself, each full tile against its parent's hash of it, all the
 * way up. Every tile is fetched at most once. Throws TileError.
 */
export function openTiles(tree: { size: bigint; root: Hash }, fetchTile: FetchTile): TileReader {
  const checked = new Map<string, Promise<Hash[]>>();
  let edge: Promise<Map<number, Hash[]>> | undefined;

  async function authenticate(tile: Tile): Promise<Hash[]> {
    if (tile.width < TILE_WIDTH) {
      edge ??= readRightEdge(tree, fetchTile);
      return (await edge).get(tile.level) ?? refuse(tile, "is not part of the right edge");
    }
    const hashes = await fetchHashes(tile, fetchTile);
    const parent = await readTile(tile.level + 1, tile.index / BigInt(TILE_WIDTH));
    const expected = parent[Number(tile.index % BigInt(TILE_WIDTH))];
    if (!expected || !equalBytes(perfectRoot(hashes), expected)) refuse(tile, "differs from its parent");
    return hashes;
  }

  function readTile(level: number, index: bigint): Promise<Hash[]> {
    const width = tileWidth(level, index, tree.size);
    if (index < 0n || width === 0)
      throw new RangeError(`There is no tile ${level}/${index} in a tree of ${tree.size}.`);
    const key = `${level}/${index}`;
    const known = checked.get(key) ?? authenticate({ level, index, width });
    checked.set(key, known);
    return known;
  }

  async function readHash(node: TreeNode): Promise<Hash> {
    const { level, index, begin, end } = tileOfNode(node);
    const hashes = await readTile(level, index);
    if (end > hashes.length) throw new RangeError(`Node ${node.level}/${node.index} is not complete.`);
    return perfectRoot(hashes.slice(begin, end));
  }

  async function readEntries(index: bigint, fetchBundle: FetchBundle): Promise<Uint8Array[]> {
    const hashes = await readTile(0, index);
    const tile = { level: 0, index, width: hashes.length };
    const entries = readEntryBundle(await fetchBundle({ index, width: hashes.length }), hashes.length);
    if (!entries) return refuse(tile, "has an entry bundle that cannot be read");
    if (!entries.every((entry, at) => equalBytes(leafHash(entry), hashes[at] ?? entry)))
      refuse(tile, "has an entry bundle with other entries");
    return entries;
  }

  return {
    readTile: async (level, index) => readTile(level, index),
    readHashes: async (nodes) => Promise.all(nodes.map(readHash)),
    readEntries,
  };
}

/** All partial tiles, compared with the root at once. */
async function readRightEdge(
  { size, root }: { size: bigint; root: Hash },
  fetchTile: FetchTile,
): Promise<Map<number, Hash[]>> {
  const tiles = partialTiles(size);
  const rows = await Promise.all(tiles.map((tile) => fetchHashes(tile, fetchTile)));
  const edge = new Map(tiles.map(({ level }, at) => [level, rows[at] ?? []]));
  const lowest = tiles[0] ?? { level: 0, index: 0n, width: 0 };
  if (!equalBytes(rootOfRightEdge(size, edge), root))
    refuse(lowest, "and the right edge do not lead to the signed root");
  return edge;
}

async function fetchHashes(tile: Tile, fetchTile: FetchTile): Promise<Hash[]> {
  const bytes = await fetchTile(tile);
  if (bytes.length !== tile.width * HASH_BYTES) refuse(tile, `has ${bytes.length} bytes`);
  return splitHashes(bytes);
}

function refuse(tile: Tile, what: string): never {
  throw new TileError(tile, what);
}
