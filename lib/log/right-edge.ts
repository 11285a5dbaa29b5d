import { HASH_BYTES, type Hash, emptyRoot, foldNodes, nodeHash, nodesOfRange } from "./merkle-tree";
import { TILE_HEIGHT, TILE_WIDTH, type Tile, tileOfNode } from "./tile-path";

/** A tile with its hashes one after the other: 32 bytes each. */
export type TileRow = { level: number; index: bigint; data: Uint8Array };

/** The tiles at the right edge of a tree that are not full; only these change when leaves are added. */
export function partialTiles(size: bigint): Tile[] {
  const tiles: Tile[] = [];
  for (let level = 0; size >> BigInt(TILE_HEIGHT * level) > 0n; level++) {
    const count = size >> BigInt(TILE_HEIGHT * level);
    const width = Number(count % BigInt(TILE_WIDTH));
    if (width > 0) tiles.push({ level, index: count / BigInt(TILE_WIDTH), width });
  }
  return tiles;
}

/**
 * Root of a tree from the hashes of its partial tiles, by level. Each peak of the tree lies in exactly one of them,
 * and each of their hashes below exactly one peak, so the root vouches for every hash.
 */
export function rootOfRightEdge(size: bigint, edge: ReadonlyMap<number, readonly Hash[]>): Hash {
  const peaks = nodesOfRange(0n, size).map((node) => {
    const { level, begin, end } = tileOfNode(node);
    return perfectRoot((edge.get(level) ?? []).slice(begin, end));
  });
  return foldNodes(peaks);
}

/** Root of 1, 2, 4 … hashes. */
export function perfectRoot(hashes: readonly Hash[]): Hash {
  let row = hashes;
  while (row.length > 1) {
    const pairs: Hash[] = [];
    for (let at = 0; at + 1 < row.length; at += 2) pairs.push(nodeHash(row[at]!, row[at + 1]!));
    row = pairs;
  }
  return row[0] ?? emptyRoot();
}

/**
 * Adds leaves to a tree of which only the partial tiles are known. Returns the new size and root and every tile that
 * changed, each with all its hashes. Throws a RangeError when the edge is not that of a tree of this size.
 */
export function appendLeaves(
  size: bigint,
  edge: readonly TileRow[],
  leaves: readonly Hash[],
): { size: bigint; root: Hash; tiles: TileRow[] } {
  const rows = new Map(readEdge(size, edge));
  const changed = new Map<string, TileRow>();
  const grown = size + BigInt(leaves.length);
  const push = (level: number, index: bigint, hash: Hash) => {
    const row = rows.get(level) ?? [];
    row.push(hash);
    rows.set(level, row.length < TILE_WIDTH ? row : []);
    const tile = { level, index: index / BigInt(TILE_WIDTH), data: new Uint8Array() };
    if (row.length === TILE_WIDTH) {
      changed.set(`${level}/${tile.index}`, { ...tile, data: joinHashes(row) });
      push(level + 1, tile.index, perfectRoot(row));
    }
  };
  leaves.forEach((leaf, at) => push(0, size + BigInt(at), leaf));
  for (const { level, index } of leaves.length > 0 ? partialTiles(grown) : []) {
    const known = edge.find((row) => row.level === level && row.index === index);
    const data = joinHashes(rows.get(level) ?? []);
    if (known?.data.length !== data.length) changed.set(`${level}/${index}`, { level, index, data });
  }
  return { size: grown, root: rootOfRightEdge(grown, rows), tiles: [...changed.values()] };
}

/** Hashes of the partial tiles by level. Throws a RangeError unless they are exactly those of this size. */
export function readEdge(size: bigint, edge: readonly TileRow[]): Map<number, Hash[]> {
  const expected = partialTiles(size);
  const rows = expected.map(({ level, index, width }) => {
    const row = edge.find((tile) => tile.level === level && tile.index === index);
    if (row?.data.length !== width * HASH_BYTES)
      throw new RangeError(`Tile ${level}/${index} is not the edge of a tree of ${size}.`);
    return [level, splitHashes(row.data)] as const;
  });
  return new Map(rows);
}

/** Hashes one after the other, as a tile is served. */
export function joinHashes(hashes: readonly Hash[]): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(hashes.length * HASH_BYTES);
  hashes.forEach((hash, at) => data.set(hash, at * HASH_BYTES));
  return data;
}

/** A tile's bytes as hashes. */
export function splitHashes(data: Uint8Array): Hash[] {
  return Array.from({ length: data.length / HASH_BYTES }, (_, at) =>
    data.slice(at * HASH_BYTES, (at + 1) * HASH_BYTES),
  );
}
