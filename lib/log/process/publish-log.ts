import "server-only";
import type pg from "pg";
import { signCheckpoint } from "../checkpoint";
import type { Cosigning, Gathered } from "./cosigning";
import { keepCheckpoint } from "./kept-checkpoint";
import type { LogKey } from "./log-key";
import {
  type HeadRow,
  findPublished,
  inOneTransaction,
  insertPublished,
  lockHead,
  saveGathered,
  saveSigned,
} from "../records";
import { type OnStep, SequencerRefusal } from "./sequencer-start";

export type Publisher = {
  client: pg.Client;
  logKey: LogKey;
  checkpointFile: string;
  /** Runs work with the connection, alone. */
  alone: <T>(work: () => Promise<T>) => Promise<T>;
  cosigning: Cosigning;
  /** Whether a checkpoint must be cosigned before it is public. */
  hasQuorum: boolean;
  onStep: OnStep;
  /** Told the size of a checkpoint that is held back for its quorum, and null when none is. */
  onQuorum: (waiting: bigint | null) => void;
};

/**
 * Three durable states: the tree is prepared; its checkpoint is signed and committed, in the database and then in
 * the second place, before a byte of it leaves the machine; it is public, once the quorum that the policy asks for has
 * cosigned it. Broken off anywhere, the next call goes on from there with the same bytes. The connection is free while
 * witnesses are asked.
 *
 * Returns the size that became public; null when nothing did: all is public, or the quorum is not met yet.
 */
export async function publishLog(publisher: Publisher): Promise<bigint | null> {
  const { cosigning, hasQuorum, alone } = publisher;
  const { head, isPublic } = await alone(() => prepare(publisher));
  const signed = { size: head.signedSize, note: head.checkpoint };
  if (isPublic) {
    // Who has not seen it, or saw it long ago. Nobody waits for the answers: the next turn keeps them.
    cosigning.ask(signed);
    return null;
  }
  if (hasQuorum && !(await cosigning.askForQuorum(signed))) {
    publisher.onQuorum(signed.size);
    return null;
  }
  await alone(() => makePublic(publisher, head, cosigning.take()));
  publisher.onQuorum(null);
  if (!hasQuorum) cosigning.ask(signed);
  return signed.size;
}

/** Signs the tree if it has grown and all that was signed is public; durable in both places when it returns. */
async function prepare(publisher: Publisher): Promise<{ head: HeadRow; isPublic: boolean }> {
  const { client, cosigning, checkpointFile, onStep } = publisher;
  const prepared = await inOneTransaction(client, async () => {
    await saveGathered(client, cosigning.take());
    return signHead(publisher);
  });
  if (prepared.isPublic) return prepared;
  onStep("signed");
  keepCheckpoint(checkpointFile, prepared.head.checkpoint);
  onStep("kept");
  return prepared;
}

/** The signed head, signed now if the tree has grown, and whether it is public already. */
async function signHead({
  client,
  logKey,
  onStep,
}: Publisher): Promise<{ head: HeadRow; isPublic: boolean }> {
  const head = await requireHead(client);
  const published = await findPublished(client);
  if (published && published.size > head.signedSize)
    throw new SequencerRefusal("checkpoint_differs", "More was published than was signed.");
  if (published?.size !== head.signedSize) return { head, isPublic: false };
  if (head.size === head.signedSize) return { head, isPublic: true };
  const { origin, size, root } = head;
  const checkpoint = await signCheckpoint({ origin, size, root, extensions: [] }, logKey.key, logKey.sign);
  onStep("signing");
  if (!(await saveSigned(client, head.signedSize, size, checkpoint)))
    throw new SequencerRefusal("checkpoint_differs", "Another checkpoint was signed meanwhile.");
  return { head: { ...head, signedSize: size, checkpoint }, isPublic: false };
}

/** Checkpoint and cosignatures become visible at once. */
async function makePublic(
  { client, onStep }: Publisher,
  signed: HeadRow,
  gathered: readonly Gathered[],
): Promise<void> {
  await inOneTransaction(client, async () => {
    const head = await requireHead(client);
    if (head.checkpoint !== signed.checkpoint)
      throw new SequencerRefusal("checkpoint_differs", "Another checkpoint was signed meanwhile.");
    await saveGathered(client, gathered);
    await insertPublished(client, signed.signedSize, signed.checkpoint);
  });
  onStep("public");
}

/** The head, locked. Throws SequencerRefusal when it is gone. */
export async function requireHead(client: pg.Client): Promise<HeadRow> {
  const head = await lockHead(client);
  if (!head) throw new SequencerRefusal("tree_differs", "The head of the log is gone.");
  return head;
}
