import { formatEntryBundle } from "./entry-bundle";
import { HASH_BYTES, type Hash, leafHash } from "./merkle-tree";
import { type TileRow, appendLeaves } from "./right-edge";
import { type EntryBundle, TILE_WIDTH, type Tile, entryBundlePath, tilePath, tilesOfTree } from "./tile-path";

/** A whole log in memory, with the bytes it would serve: for small exports, drills and tests. */
export type MemoryLog = {
  size: bigint;
  root: Hash;
  entries: Uint8Array[];
  readTile: (tile: Tile) => Uint8Array;
  readBundle: (bundle: EntryBundle) => Uint8Array;
};

/** Builds the log of these entries. */
export function buildMemoryLog(entries: readonly Uint8Array[]): MemoryLog {
  const rows = new Map<string, TileRow>();
  const { size, root, tiles } = appendLeaves(0n, [], entries.map(leafHash));
  for (const row of tiles) rows.set(`${row.level}/${row.index}`, row);
  return {
    size,
    root,
    entries: [...entries],
    readTile: ({ level, index, width }) =>
      (rows.get(`${level}/${index}`)?.data ?? new Uint8Array()).slice(0, width * HASH_BYTES),
    readBundle: ({ index, width }) => {
      const first = Number(index) * TILE_WIDTH;
      return formatEntryBundle(entries.slice(first, first + width));
    },
  };
}

/** Every file of the log except the checkpoint: path below the log's prefix, and bytes. */
export function* filesOfLog(log: MemoryLog): Generator<{ path: string; bytes: Uint8Array }> {
  for (const tile of tilesOfTree(log.size)) {
    yield { path: tilePath(tile), bytes: log.readTile(tile) };
    if (tile.level === 0) yield { path: entryBundlePath(tile), bytes: log.readBundle(tile) };
  }
}
