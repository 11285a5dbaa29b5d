import "server-only";
import { db } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { readInstallation } from "@/lib/platform/installation";
import { readPool } from "@/lib/platform/read-pool";
import { toHex } from "@/lib/shared/encoding";
import { type Checkpoint, openCheckpoint } from "./checkpoint";
import { formatEntryBundle } from "./entry-bundle";
import type { Leaf } from "./leaf-body";
import { LogDamageError } from "./log-damage";
import { HASH_BYTES, type Hash, type HashReader, proveInclusion, verifyInclusion } from "./merkle-tree";
import { verifyByNode } from "./node-ed25519";
import { NO_WITNESSES } from "./publishing-policy";
import { tileLoader } from "./records";
import { formatTrustedRoot } from "./sigstore-bundle";
import { type NoteKey, readVkey } from "./signed-note";
import { type LoadTiles, readerOfRows } from "./tile-rows";
import { TILE_WIDTH, tileWidth } from "./tile-path";
import { formatPolicy, readPolicy } from "./tlog-policy";
import { formatTlogProof } from "./tlog-proof";

/** The log as everybody may see it: nothing here looks beyond the last published checkpoint. */
export type PublishedLog = {
  key: NoteKey;
  vkey: string;
  createdAt: Date;
  checkpoint: Checkpoint;
  /** When this checkpoint was published. */
  publishedAt: Date;
  /** The signed note with all cosignatures. */
  note: string;
};

/** The log at its last published checkpoint; null before the first. */
export async function findPublishedLog(): Promise<PublishedLog | null> {
  const { rows } = await readPool().query<PublishedRow>(
    `SELECT head.vkey, head."createdAt", published.checkpoint, published."publishedAt", ARRAY(
       SELECT DISTINCT ON (witness) line FROM "LogCosignature" WHERE size = published.size
       ORDER BY witness, timestamp DESC) AS lines
     FROM "LogHead" AS head,
       (SELECT size, checkpoint, "publishedAt" FROM "LogPublished" ORDER BY size DESC LIMIT 1) AS published`,
  );
  const [row] = rows;
  if (!row) return null;
  const { vkey, createdAt, publishedAt, checkpoint: signed, lines } = row;
  if (lastOpened?.signed !== signed) lastOpened = { signed, ...(await openOwn(signed, vkey)) };
  const { key, checkpoint } = lastOpened;
  return { key, vkey, createdAt, checkpoint, publishedAt, note: signed + lines.join("") };
}

type PublishedRow = {
  vkey: string;
  createdAt: Date;
  checkpoint: string;
  publishedAt: Date;
  lines: string[];
};

/** The last checkpoint that was opened: the same bytes need not be verified for every request. */
let lastOpened: { signed: string; key: NoteKey; checkpoint: Checkpoint } | undefined;

/**
 * The key fixed with the log's name at its first start, which a trigger never lets change; null before, and where it is
 * not of the name this installation has.
 */
export async function findOwnLogKey(): Promise<NoteKey | null> {
  const [head, { logOrigin }] = await Promise.all([
    db.logHead.findUnique({ where: { id: 1 }, select: { vkey: true } }),
    readInstallation(),
  ]);
  const key = head && readVkey(head.vkey);
  return key && key.name === logOrigin ? key : null;
}

async function openOwn(signed: string, vkey: string): Promise<{ key: NoteKey; checkpoint: Checkpoint }> {
  const key = readVkey(vkey);
  const opened = key && (await openCheckpoint(signed, { logs: [key] }, verifyByNode));
  if (!opened || typeof opened === "string")
    throw new LogDamageError(`The published checkpoint is ${opened ?? "of no key"}.`);
  return { key, checkpoint: opened.checkpoint };
}

/** Size of the last published tree; 0 before the first. */
async function publishedSize(): Promise<bigint> {
  const row = await db.logPublished.findFirst({ orderBy: { size: "desc" }, select: { size: true } });
  return row?.size ?? 0n;
}

/** The bytes of a tile, or null where the published tree has not so many hashes. */
export async function findTile(level: number, index: bigint, width: number): Promise<Uint8Array | null> {
  if (width > tileWidth(level, index, await publishedSize())) return null;
  const row = await db.logTile.findUnique({ where: { level_index: { level, index } } });
  return row && row.data.length >= width * HASH_BYTES ? row.data.subarray(0, width * HASH_BYTES) : null;
}

/** The bytes of an entry bundle, or null where the published tree has not so many entries. */
export async function findEntryBundle(index: bigint, width: number): Promise<Uint8Array | null> {
  if (width > tileWidth(0, index, await publishedSize())) return null;
  const first = index * BigInt(TILE_WIDTH);
  const rows = await db.logLeaf.findMany({
    where: { index: { gte: first, lt: first + BigInt(width) } },
    orderBy: { index: "asc" },
    select: { body: true },
  });
  return rows.length === width ? formatEntryBundle(rows.map(({ body }) => body)) : null;
}

/** What shows a leaf in the published tree. */
export type LoggedLeaf = {
  log: PublishedLog;
  index: bigint;
  leafHash: Hash;
  body: Uint8Array;
  envelopeSha256: string;
  hashes: Hash[];
};

/** A leaf with its inclusion proof, checked before it is given out; null when no published checkpoint covers it. */
export async function findLoggedLeaf(leafHashHex: string): Promise<LoggedLeaf | null> {
  if (!/^[0-9a-f]{64}$/.test(leafHashHex)) return null;
  const [log, leaf] = await Promise.all([findPublishedLog(), findLeaf(leafHashHex)]);
  if (!log || !leaf || leaf.index >= log.checkpoint.size) return null;
  const hashes = await proveLeaf(log, { index: leaf.index, hash: leaf.leafHash }, readerOfRows(loadTiles));
  return { log, ...leaf, hashes };
}

/** The inclusion proof of a leaf in the published tree. Throws LogDamageError where the tiles do not prove it. */
export async function proveLeaf(
  { checkpoint }: PublishedLog,
  leaf: { index: bigint; hash: Hash },
  read: HashReader,
): Promise<Hash[]> {
  const { size } = checkpoint;
  const hashes = await proveInclusion(leaf.index, size, read);
  if (!verifyInclusion(leaf, checkpoint, hashes))
    throw new LogDamageError(`The tiles do not prove leaf ${leaf.index} in the tree of ${size}.`);
  return hashes;
}

async function findLeaf(leafHashHex: string): Promise<LeafRow | null> {
  const { rows } = await readPool().query<Omit<LeafRow, "index"> & { index: string }>(
    `SELECT index, "leafHash", body, "envelopeSha256" FROM "LogLeaf" WHERE "leafHash" = $1`,
    [Buffer.from(leafHashHex, "hex")],
  );
  return rows[0] ? { ...rows[0], index: BigInt(rows[0].index) } : null;
}

type LeafRow = { index: bigint; leafHash: Uint8Array; body: Uint8Array; envelopeSha256: string };

/** The C2SP tlog-proof of a leaf, or null when no published checkpoint covers it. */
export async function findTlogProof(leafHashHex: string): Promise<string | null> {
  const leaf = await findLoggedLeaf(leafHashHex);
  if (!leaf) return null;
  return formatTlogProof({ index: leaf.index, hashes: leaf.hashes, checkpoint: leaf.log.note, extra: null });
}

/** Where a leaf stands on its way into the log. Only "published" may be called logged. */
export type LogEntryState =
  | { state: "not_submitted" }
  | { state: "waiting"; leafHash: string }
  | { state: "integrated" | "published"; leafHash: string; index: bigint };

/** How far a leaf has come. */
export async function findLeafState(hash: Leaf["hash"]): Promise<LogEntryState> {
  const byHash = { where: { leafHash: hash } };
  // The queue first: what leaves it is in the tree already, so a leaf is never missed between two looks.
  const waiting = await db.logPending.findUnique({ ...byHash, select: { id: true } });
  const leaf = await db.logLeaf.findUnique({ ...byHash, select: { index: true } });
  const size = await publishedSize();
  if (leaf) {
    const state = leaf.index < size ? "published" : "integrated";
    return { state, leafHash: toHex(hash), index: leaf.index };
  }
  return waiting ? { state: "waiting", leafHash: toHex(hash) } : { state: "not_submitted" };
}

/** SQL for the leaves of the published log: a relation to join with what they record. */
export const publishedLeaves = `(SELECT index, "leafHash", "envelopeSha256", "integratedAt" FROM "LogLeaf"
  WHERE index < (SELECT max(size) FROM "LogPublished"))`;

/** The addresses of the envelopes that `count` entries from `first` on record, in the log's order. */
export async function listRecordedEnvelopes(first: bigint, count: number): Promise<string[]> {
  const rows = await db.logLeaf.findMany({
    where: { index: { gte: first, lt: first + BigInt(count) } },
    orderBy: { index: "asc" },
    select: { envelopeSha256: true },
  });
  return rows.map(({ envelopeSha256 }) => envelopeSha256);
}

/** The policy that this log is published under, and suggests; what counts is the one its reader holds. */
export async function findPolicy(): Promise<string | null> {
  const log = await findPublishedLog();
  if (!log) return null;
  const row = await db.logPolicy.findFirst({ orderBy: { id: "desc" }, select: { text: true } });
  const url = `${new URL(env().APP_ORIGIN).origin}/log/1`;
  return formatPolicy({ ...(row ? readPolicy(row.text) : NO_WITNESSES), logs: [{ key: log.key, url }] });
}

/** Sigstore's trusted root with this log alone. */
export async function findTrustedRoot(): Promise<string | null> {
  const log = await findPublishedLog();
  return log && formatTrustedRoot(log.key, log.createdAt);
}

/** Tiles as they are stored, also those that no published checkpoint covers yet. */
export const loadTiles: LoadTiles = (places) => tileLoader(readPool())(places);
