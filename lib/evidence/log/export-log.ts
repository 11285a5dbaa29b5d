import "server-only";
import { mkdir, open, readFile, rename } from "node:fs/promises";
import path from "node:path";
import { openCheckpoint } from "./checkpoint";
import { openTiles } from "./tile-reader";
import { verifyByNode } from "./node-ed25519";
import { findEntryBundle, findPublishedLog, findTile } from "./queries";
import { TILE_WIDTH, entryBundlePath, tilePath, tilesOfTree } from "./tile-path";
import { formatEntryBundle } from "./entry-bundle";
import { joinHashes } from "./right-edge";

/**
 * Writes the published log as static files below a folder, at the paths it is served at, so that it outlives the
 * application: every tile and entry is compared with the signed root on the way, tiles are written first and the
 * checkpoint last. Run again, it adds only what is new. Returns the size written; null before the first checkpoint.
 */
export async function exportLog(folder: string): Promise<bigint | null> {
  const log = await findPublishedLog();
  if (!log) return null;
  const { checkpoint, key, vkey, note } = log;
  const had = await exportedSize(path.join(folder, "checkpoint"), key);
  const reader = openTiles(checkpoint, async (tile) =>
    required(await findTile(tile.level, tile.index, tile.width)),
  );
  for (const { level, index, width } of tilesOfTree(checkpoint.size)) {
    // Full tiles below the size that is there already never change.
    if ((index + 1n) * BigInt(TILE_WIDTH) <= had >> BigInt(8 * level)) continue;
    const hashes = await reader.readTile(level, index);
    await writeWhole(folder, tilePath({ level, index, width }), joinHashes(hashes));
    if (level > 0) continue;
    const entries = await reader.readEntries(index, async (bundle) =>
      required(await findEntryBundle(bundle.index, bundle.width)),
    );
    await writeWhole(folder, entryBundlePath({ index, width }), formatEntryBundle(entries));
  }
  await writeWhole(folder, "vkey", new TextEncoder().encode(`${vkey}\n`));
  await writeWhole(folder, "checkpoint", new TextEncoder().encode(note));
  return checkpoint.size;
}

async function exportedSize(
  file: string,
  key: Parameters<typeof openCheckpoint>[1]["logs"][number],
): Promise<bigint> {
  const note = await readFile(file, "utf8").catch(() => null);
  const opened = note === null ? null : await openCheckpoint(note, { logs: [key] }, verifyByNode);
  if (typeof opened === "string") throw new Error(`${file} is not a checkpoint of this log (${opened}).`);
  return opened?.checkpoint.size ?? 0n;
}

/** A reader of the folder finds the old file or the new one, never half of it. */
async function writeWhole(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  const file = path.join(folder, name);
  await mkdir(path.dirname(file), { recursive: true });
  const draft = `${file}.draft`;
  const handle = await open(draft, "w");
  await handle.writeFile(bytes);
  await handle.sync();
  await handle.close();
  await rename(draft, file);
}

function required(bytes: Uint8Array | null): Uint8Array {
  if (!bytes) throw new Error("The published tree lacks a tile.");
  return bytes;
}
