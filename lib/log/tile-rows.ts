import { LogDamageError } from "./log-damage";
import { HASH_BYTES, type Hash, type HashReader } from "./merkle-tree";
import { perfectRoot, splitHashes } from "./right-edge";
import { tileOfNode } from "./tile-path";

export type TilePlace = { level: number; index: bigint };

/** Gives the bytes of the tiles asked for, in their order; null for one that is not there. */
export type LoadTiles = (places: readonly TilePlace[]) => Promise<(Uint8Array | null)[]>;

/**
 * Reads nodes from tile rows that are trusted as they are: the log's own. A row may be wider than the tree that is
 * asked about. Throws LogDamageError when a row is missing or too narrow. Readers of somebody else's log use `openTiles`.
 */
export function readerOfRows(load: LoadTiles): HashReader {
  return async (nodes) => {
    const wanted = nodes.map(tileOfNode);
    const places = new Map(wanted.map(({ level, index }) => [`${level}/${index}`, { level, index }]));
    const rows = await load([...places.values()]);
    const tiles = new Map([...places.keys()].map((key, at) => [key, rows[at] ?? null]));
    return wanted.map(({ level, index, begin, end }): Hash => {
      const data = tiles.get(`${level}/${index}`) ?? new Uint8Array();
      if (end * HASH_BYTES > data.length)
        throw new LogDamageError(`Tile ${level}/${index} lacks hash ${end - 1}.`);
      return perfectRoot(splitHashes(data.subarray(begin * HASH_BYTES, end * HASH_BYTES)));
    });
  };
}
