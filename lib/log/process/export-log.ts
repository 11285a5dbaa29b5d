import "server-only";
import { readEnvelope } from "@/lib/statements/dsse";
import { hexDigest } from "@/lib/statements/verify-envelope";
import { openCheckpoint } from "../checkpoint";
import { formatEntryBundle } from "../entry-bundle";
import type { ExportPlace } from "./export-place";
import { isRecordOf } from "../leaf-body";
import { type Hash, emptyRoot, equalBytes, treeRoot } from "../merkle-tree";
import { verifyByNode } from "../node-ed25519";
import {
  type PublishedLog,
  findEntryBundle,
  findPolicy,
  findPublishedLog,
  findTile,
  findTrustedRoot,
  listRecordedEnvelopes,
} from "../queries";
import { joinHashes } from "../right-edge";
import { TILE_WIDTH, type Tile, entryBundlePath, tilePath, tilesOfTree } from "../tile-path";
import { type TileReader, openTiles } from "../tile-reader";

/** What an export wrote. */
export type Exported = {
  /** Entries of the log, all of them there now. */
  size: bigint;
  files: number;
  envelopes: number;
  /** Entries of this run whose statement was erased: leaf and proof stay. */
  unavailable: number;
};

/** The place holds something that this log cannot have grown from; nothing is written over it. */
export class ExportRefusal extends Error {}

/** The texts of envelopes by their addresses, without those that were erased. */
export type FindTexts = (envelopeSha256s: readonly string[]) => Promise<ReadonlyMap<string, string>>;

/**
 * Writes the published log as static files, at the paths it is served at, so that it outlives the application: every
 * tile, entry and envelope is compared with the signed root on the way, and the checkpoint is written last. Run again,
 * it adds only what is new. Null before the first checkpoint.
 *
 * Throws ExportRefusal when the place holds another log, or more of this one than is published here.
 */
export async function exportLog(place: ExportPlace, findTexts: FindTexts): Promise<Exported | null> {
  const log = await findPublishedLog();
  if (!log) return null;
  const { checkpoint, note, vkey } = log;
  const reader = openTiles(checkpoint, async ({ level, index, width }) =>
    required(await findTile(level, index, width)),
  );
  const had = await exportedSize(place, log, reader);
  const written = { size: checkpoint.size, files: 0, envelopes: 0, unavailable: 0 };
  async function write(name: string, content: Uint8Array | string): Promise<void> {
    await place.write(name, typeof content === "string" ? new TextEncoder().encode(content) : content);
    written.files += 1;
  }
  for (const tile of tilesOfTree(checkpoint.size)) {
    if (isComplete(tile, had)) continue;
    await write(tilePath(tile), joinHashes(await reader.readTile(tile.level, tile.index)));
    if (tile.level > 0) continue;
    const entries = await readEntries(reader, tile.index);
    await write(entryBundlePath(tile), formatEntryBundle(entries));
    const { envelopes, unavailable } = await writeEnvelopes(place, findTexts, tile.index, entries);
    written.envelopes += envelopes;
    written.unavailable += unavailable;
  }
  await write("vkey", `${vkey}\n`);
  await write("policy", required(await findPolicy()));
  await write("trusted_root.json", required(await findTrustedRoot()));
  await write("checkpoint", note);
  return written;
}

/** Whether a tile was full already when the tree had that size: it never changes again. */
function isComplete({ level, index }: Tile, size: bigint): boolean {
  return (index + 1n) * BigInt(TILE_WIDTH) <= size >> BigInt(8 * level);
}

function readEntries(reader: TileReader, index: bigint): Promise<Uint8Array[]> {
  return reader.readEntries(index, async (bundle) =>
    required(await findEntryBundle(bundle.index, bundle.width)),
  );
}

/** Envelopes of one bundle, each compared with its leaf; a name is a digest, so what is there stays. */
async function writeEnvelopes(
  place: ExportPlace,
  findTexts: FindTexts,
  bundle: bigint,
  entries: readonly Uint8Array[],
): Promise<Pick<Exported, "envelopes" | "unavailable">> {
  const first = bundle * BigInt(TILE_WIDTH);
  const addresses = await listRecordedEnvelopes(first, entries.length);
  const texts = await findTexts(addresses);
  const counted = { envelopes: 0, unavailable: 0 };
  for (const [at, sha256] of addresses.entries()) {
    const body = texts.get(sha256);
    if (body === undefined) counted.unavailable += 1;
    else if (!isRecorded(entries[at], body) || hexDigest(body) !== sha256)
      throw new Error(`The envelope ${sha256} is not the one that entry ${first + BigInt(at)} records.`);
    else if (!(await place.has(`envelope/${sha256}`))) {
      await place.write(`envelope/${sha256}`, new TextEncoder().encode(body));
      counted.envelopes += 1;
    }
  }
  return counted;
}

function isRecorded(entry: Uint8Array | undefined, body: string): boolean {
  const envelope = readEnvelope(body);
  return Boolean(entry && envelope && isRecordOf(entry, envelope));
}

/** Size of the log that is there already, which must be a beginning of this one; 0 when none is. */
async function exportedSize(
  place: ExportPlace,
  { key, checkpoint }: PublishedLog,
  reader: TileReader,
): Promise<bigint> {
  const note = await place.read("checkpoint");
  if (!note) return 0n;
  const opened = await openCheckpoint(new TextDecoder().decode(note), { logs: [key] }, verifyByNode);
  if (typeof opened === "string")
    throw new ExportRefusal(`What is there is no checkpoint of this log (${opened}).`);
  const there = opened.checkpoint;
  if (there.size > checkpoint.size)
    throw new ExportRefusal(
      `What is there has ${there.size} entries, and ${checkpoint.size} are published here.`,
    );
  const root: Hash = there.size === 0n ? emptyRoot() : await treeRoot(there.size, reader.readHashes);
  if (!equalBytes(root, there.root))
    throw new ExportRefusal("What is there is another history of this log: keep it, it is evidence.");
  return there.size;
}

function required<T>(found: T | null): T {
  if (found === null) throw new Error("The published tree lacks a tile.");
  return found;
}
