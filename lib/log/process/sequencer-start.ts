import "server-only";
import type pg from "pg";
import { type OpenedCheckpoint, openCheckpoint, signCheckpoint } from "../checkpoint";
import { keepCheckpoint, readKeptCheckpoint } from "./kept-checkpoint";
import { type LogKey, findLogKey, makeLogKey } from "./log-key";
import { emptyRoot, equalBytes, leafHash, treeRoot } from "../merkle-tree";
import { verifyByNode } from "../node-ed25519";
import { joinHashes, partialTiles } from "../right-edge";
import {
  type HeadRow,
  countLeaves,
  findPublished,
  insertHead,
  listBodies,
  lockHead,
  tileLoader,
} from "../records";
import { formatVkey } from "../signed-note";
import { TILE_WIDTH } from "../tile-path";
import { readerOfRows } from "../tile-rows";

/** Something does not fit together, and going on could show the world two histories. A human must look. */
export class SequencerRefusal extends Error {
  constructor(
    readonly code:
      | "another_log"
      | "key_missing"
      | "another_key"
      | "tree_differs"
      | "checkpoint_differs"
      | "database_is_older"
      | "histories_differ"
      | "witness_is_ahead"
      | "policy_unusable"
      | "policy_missing",
    message: string,
  ) {
    super(message);
    this.name = "SequencerRefusal";
  }
}

/** What has just become durable; told to whoever runs the log, which may be where a drill ends the process. */
export type SequencerStep = "taken" | "prepared" | "signing" | "signed" | "kept" | "public";
export type OnStep = (step: SequencerStep) => void;

export type SequencerPlaces = {
  origin: string;
  keyFile: string;
  /** Where the last signed checkpoint is kept besides the database. */
  checkpointFile: string;
};

/**
 * Loads the log and refuses unless everything agrees: name and key, the tree with its tiles and last entries, the
 * stored checkpoint with the tree, what was published with what was signed, and the second place with the database.
 * On an empty database, and with no second place, it begins a new log.
 *
 * Runs in the caller's transaction, under the lock of the head. Throws SequencerRefusal.
 */
export async function startLog(client: pg.Client, places: SequencerPlaces): Promise<LogKey> {
  const head = await lockHead(client);
  if (!head) return beginLog(client, places);
  if (head.origin !== places.origin)
    throw new SequencerRefusal(
      "another_log",
      `This database holds the log ${head.origin}, not ${places.origin}.`,
    );
  const logKey = requireLogKey(head, places);
  await requireTree(client, head);
  const signed = await requireSigned(client, head, logKey);
  await requireSecondPlace(client, signed, logKey, places.checkpointFile);
  keepCheckpoint(places.checkpointFile, head.checkpoint);
  return logKey;
}

/**
 * What a sequencer does while it stands by: it copies the last signed checkpoint to its own second place, so that a
 * database set back is refused by whichever machine takes over. The first checkpoint is believed, because the
 * sequencer that is active has checked it.
 *
 * Runs in the caller's transaction, under the lock of the head, without which it could overwrite a newer checkpoint
 * where both machines keep one file. Throws SequencerRefusal.
 */
export async function followLog(client: pg.Client, places: SequencerPlaces): Promise<void> {
  const head = await lockHead(client);
  if (!head) return;
  const kept = readKeptCheckpoint(places.checkpointFile);
  if (kept === head.checkpoint) return;
  const logKey = requireLogKey(head, places);
  const signed = await requireSigned(client, head, logKey);
  if (kept !== null) await requireSecondPlace(client, signed, logKey, places.checkpointFile);
  keepCheckpoint(places.checkpointFile, head.checkpoint);
}

function requireLogKey(head: HeadRow, { keyFile }: SequencerPlaces): LogKey {
  const logKey = findLogKey(keyFile, head.origin);
  if (!logKey) throw new SequencerRefusal("key_missing", `The log's key is not at ${keyFile}.`);
  if (formatVkey(logKey.key) !== head.vkey)
    throw new SequencerRefusal("another_key", "The key file is not the key of this log.");
  return logKey;
}

async function beginLog(
  client: pg.Client,
  { origin, keyFile, checkpointFile }: SequencerPlaces,
): Promise<LogKey> {
  if (readKeptCheckpoint(checkpointFile) !== null)
    throw new SequencerRefusal(
      "database_is_older",
      `${checkpointFile} holds a checkpoint of this log, and the database knows nothing of it.`,
    );
  const logKey = findLogKey(keyFile, origin) ?? makeLogKey(keyFile, origin);
  const root = emptyRoot();
  const empty = { origin, size: 0n, root, extensions: [] };
  const checkpoint = await signCheckpoint(empty, logKey.key, logKey.sign);
  await insertHead(client, {
    origin,
    vkey: formatVkey(logKey.key),
    size: 0n,
    root,
    signedSize: 0n,
    checkpoint,
  });
  return logKey;
}

/** The tiles lead to the root, and the last entries to the tiles. */
async function requireTree(client: pg.Client, head: HeadRow): Promise<void> {
  const load = tileLoader(client);
  const root = await treeRoot(head.size, readerOfRows(load)).catch(() => null);
  const edge = await load(partialTiles(head.size));
  const isEdge = partialTiles(head.size).every(({ width }, at) => edge[at]?.length === 32 * width);
  if (!root || !equalBytes(root, head.root) || !isEdge || (await countLeaves(client)) !== head.size)
    throw new SequencerRefusal("tree_differs", `The tiles do not lead to the root of ${head.size} entries.`);
  if (head.size === 0n) return;
  const last = (head.size - 1n) / BigInt(TILE_WIDTH);
  const bodies = await listBodies(client, last * BigInt(TILE_WIDTH), TILE_WIDTH);
  const [tile] = await load([{ level: 0, index: last }]);
  if (!tile || !equalBytes(joinHashes(bodies.map(leafHash)), tile))
    throw new SequencerRefusal("tree_differs", `The last entries are not those of tile 0/${last}.`);
}

/** The stored checkpoint is ours and of this tree, and nothing beyond it was published. */
async function requireSigned(client: pg.Client, head: HeadRow, { key }: LogKey): Promise<OpenedCheckpoint> {
  const signed = await openCheckpoint(head.checkpoint, { logs: [key] }, verifyByNode);
  const fits = typeof signed !== "string" && signed.checkpoint.size === head.signedSize;
  if (!fits || !(await isOfTree(client, signed.checkpoint)))
    throw new SequencerRefusal("checkpoint_differs", "The stored checkpoint is not one of this tree.");
  const published = await findPublished(client);
  const isAhead = published && published.size > head.signedSize;
  const isOther = published?.size === head.signedSize && published.checkpoint !== head.checkpoint;
  if (isAhead || isOther)
    throw new SequencerRefusal("checkpoint_differs", "More was published than the head says was signed.");
  return signed;
}

async function requireSecondPlace(
  client: pg.Client,
  signed: OpenedCheckpoint,
  { key }: LogKey,
  checkpointFile: string,
): Promise<void> {
  const note = readKeptCheckpoint(checkpointFile);
  // Only the empty checkpoint may stand alone: the start was broken off before the file was written.
  if (note === null && signed.checkpoint.size === 0n) return;
  if (note === null)
    throw new SequencerRefusal("checkpoint_differs", `The last checkpoint is not at ${checkpointFile}.`);
  const kept = await openCheckpoint(note, { logs: [key] }, verifyByNode);
  if (typeof kept === "string")
    throw new SequencerRefusal("checkpoint_differs", `${checkpointFile} is not a checkpoint of this log.`);
  if (kept.checkpoint.size > signed.checkpoint.size)
    throw new SequencerRefusal(
      "database_is_older",
      `The database stands at ${signed.checkpoint.size} entries, and ${kept.checkpoint.size} were signed already: ` +
        "it was set back. Going on would fork the log.",
    );
  if (!(await isOfTree(client, kept.checkpoint)))
    throw new SequencerRefusal(
      "histories_differ",
      `${checkpointFile} shows another history than the database.`,
    );
}

async function isOfTree(client: pg.Client, tree: { size: bigint; root: Uint8Array }): Promise<boolean> {
  const root = await treeRoot(tree.size, readerOfRows(tileLoader(client))).catch(() => null);
  return root !== null && equalBytes(root, tree.root);
}
