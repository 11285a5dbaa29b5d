import "server-only";
import type pg from "pg";
import { signCheckpoint } from "./checkpoint";
import { keepCheckpoint } from "./kept-checkpoint";
import type { LogKey } from "./log-key";
import { equalBytes } from "./merkle-tree";
import { appendLeaves, partialTiles, readEdge, rootOfRightEdge } from "./right-edge";
import {
  type HeadRow,
  becomeActive,
  connectAsSequencer,
  findPublished,
  inOneTransaction,
  insertLeaves,
  insertPublished,
  lockHead,
  saveSigned,
  saveTiles,
  saveTree,
  takePending,
  tileLoader,
} from "./sequencer-records";
import { type SequencerPlaces, SequencerRefusal, startLog } from "./sequencer-start";

export { SequencerRefusal } from "./sequencer-start";

/** Leaves put into the tree in one transaction, at most. */
export const MAX_BATCH = 1_024;

/** What has just become durable; told to `onStep`, which may be where a drill ends the process. */
export type SequencerStep = "taken" | "prepared" | "signing" | "signed" | "kept" | "public";

export type SequencerOptions = SequencerPlaces & {
  databaseUrl: string;
  onStep?: (step: SequencerStep) => void;
};

export type Sequencer = {
  /** Puts waiting leaves into the tree; how many, which is MAX_BATCH when more may wait. */
  integrate: () => Promise<number>;
  /** Brings the tree as it stands before the public: its size, or null when it was there already. */
  publish: () => Promise<bigint | null>;
  close: () => Promise<void>;
};

/**
 * Becomes the one active sequencer of the log, after checking everything it would build on; null while another one
 * runs. After any error nothing is known of the last transaction: close it and open it anew.
 *
 * Throws SequencerRefusal when the log must not go on.
 */
export async function openSequencer(options: SequencerOptions): Promise<Sequencer | null> {
  const client = await connectAsSequencer(options.databaseUrl);
  try {
    if (!(await becomeActive(client))) {
      await client.end();
      return null;
    }
    const logKey = await inOneTransaction(client, () => startLog(client, options));
    const onStep = options.onStep ?? (() => {});
    return {
      integrate: () => integrate(client, onStep),
      publish: () => publish(client, logKey, options.checkpointFile, onStep),
      close: () => client.end(),
    };
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
}

type OnStep = (step: SequencerStep) => void;

/** One transaction: leaves leave the queue, get the next indices, and the tiles of the right edge grow. */
async function integrate(client: pg.Client, onStep: OnStep): Promise<number> {
  const taken = await inOneTransaction(client, async () => {
    const head = await requireHead(client);
    const leaves = await takePending(client, MAX_BATCH);
    if (leaves.length === 0) return 0;
    const places = partialTiles(head.size);
    const rows = await tileLoader(client)(places);
    const edge = places.map(({ level, index }, at) => ({ level, index, data: rows[at] ?? new Uint8Array() }));
    // The right edge comes from the rows themselves, and must still be that of the locked head.
    if (!equalBytes(rootOfRightEdge(head.size, readEdge(head.size, edge)), head.root))
      throw new SequencerRefusal("tree_differs", "The right edge no longer leads to the root.");
    const grown = appendLeaves(
      head.size,
      edge,
      leaves.map(({ leafHash }) => new Uint8Array(leafHash)),
    );
    await insertLeaves(client, head.size, leaves);
    await saveTiles(client, grown.tiles);
    await saveTree(client, grown);
    onStep("taken");
    return leaves.length;
  });
  if (taken > 0) onStep("prepared");
  return taken;
}

/**
 * Three durable states: the tree is prepared; its checkpoint is signed and committed, in the database and then in
 * the second place, before a byte of it leaves the machine; it is public. Broken off anywhere, the next call goes on
 * from there with the same bytes.
 */
async function publish(
  client: pg.Client,
  logKey: LogKey,
  checkpointFile: string,
  onStep: OnStep,
): Promise<bigint | null> {
  const signed = await inOneTransaction(client, () => signHead(client, logKey, onStep));
  if (!signed) return null;
  onStep("signed");
  keepCheckpoint(checkpointFile, signed.checkpoint);
  onStep("kept");
  await inOneTransaction(client, async () => {
    const head = await requireHead(client);
    if (head.checkpoint !== signed.checkpoint)
      throw new SequencerRefusal("checkpoint_differs", "Another checkpoint was signed meanwhile.");
    await insertPublished(client, signed.signedSize, signed.checkpoint);
  });
  onStep("public");
  return signed.signedSize;
}

/** The signed head that still has to become public, signed now if the tree has grown; null when all is public. */
async function signHead(client: pg.Client, { key, sign }: LogKey, onStep: OnStep): Promise<HeadRow | null> {
  const head = await requireHead(client);
  const published = await findPublished(client);
  const isPublic = published?.size === head.signedSize;
  if (published && published.size > head.signedSize)
    throw new SequencerRefusal("checkpoint_differs", "More was published than was signed.");
  if (!isPublic) return head;
  if (head.size === head.signedSize) return null;
  const { origin, size, root } = head;
  const checkpoint = await signCheckpoint({ origin, size, root, extensions: [] }, key, sign);
  onStep("signing");
  if (!(await saveSigned(client, head.signedSize, size, checkpoint)))
    throw new SequencerRefusal("checkpoint_differs", "Another checkpoint was signed meanwhile.");
  return { ...head, signedSize: size, checkpoint };
}

async function requireHead(client: pg.Client): Promise<HeadRow> {
  const head = await lockHead(client);
  if (!head) throw new SequencerRefusal("tree_differs", "The head of the log is gone.");
  return head;
}
