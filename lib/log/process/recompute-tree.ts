import "server-only";
import type pg from "pg";
import { openCheckpoint } from "../checkpoint";
import { type Hash, emptyRoot, equalBytes, leafHash } from "../merkle-tree";
import { verifyByNode } from "../node-ed25519";
import { type TileRow, appendLeaves, partialTiles } from "../right-edge";
import { listBodies, readHead } from "../records";
import { readVkey } from "../signed-note";

const BATCH = 1_024;

/**
 * Hashes every entry anew and compares the root with the last signed checkpoint, under the log's key: the size of the
 * tree where they agree, 0 where no log was ever begun, and null where they differ.
 */
export async function recomputeTree(client: pg.Client): Promise<bigint | null> {
  const head = await readHead(client);
  if (!head) return 0n;
  const key = readVkey(head.vkey);
  const signed = key && (await openCheckpoint(head.checkpoint, { logs: [key] }, verifyByNode));
  if (!signed || typeof signed === "string") return null;
  const { size, root } = signed.checkpoint;
  const found = await rootOfEntries(client, size);
  return size === head.signedSize && found !== null && equalBytes(found, root) ? size : null;
}

/** The root of the first `size` entries; null where there are not so many. */
async function rootOfEntries(client: pg.Client, size: bigint): Promise<Hash | null> {
  let tree = { size: 0n, root: emptyRoot(), tiles: [] as TileRow[] };
  while (tree.size < size) {
    const left = size - tree.size;
    const bodies = await listBodies(client, tree.size, left < BATCH ? Number(left) : BATCH);
    if (bodies.length === 0) return null;
    const known: TileRow[] = tree.tiles;
    const grown = appendLeaves(tree.size, known, bodies.map(leafHash));
    const tiles = partialTiles(grown.size).flatMap(({ level, index }) => {
      const isHere = (tile: TileRow) => tile.level === level && tile.index === index;
      return grown.tiles.find(isHere) ?? known.find(isHere) ?? [];
    });
    tree = { ...grown, tiles };
  }
  return tree.root;
}
