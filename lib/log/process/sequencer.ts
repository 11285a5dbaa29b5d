import "server-only";
import type pg from "pg";
import { adoptPolicy } from "./adopt-policy";
import { type Cosigning, openCosigning } from "./cosigning";
import { equalBytes, proveConsistency } from "../merkle-tree";
import { publishLog, requireHead } from "./publish-log";
import { appendLeaves, partialTiles, readEdge, rootOfRightEdge } from "../right-edge";
import {
  becomeActive,
  connectAsSequencer,
  inOneTransaction,
  insertLeaves,
  listWitnessSizes,
  saveTiles,
  saveTree,
  takePending,
  tileLoader,
} from "../records";
import { type OnStep, type SequencerPlaces, SequencerRefusal, followLog, startLog } from "./sequencer-start";
import { readerOfRows } from "../tile-rows";
import type { TlogPolicy } from "../tlog-policy";

export { SequencerRefusal, type SequencerStep } from "./sequencer-start";

/** Leaves put into the tree in one transaction, at most. */
export const MAX_BATCH = 1_024;

export type SequencerOptions = SequencerPlaces & {
  databaseUrl: string;
  /** Which witnesses must have cosigned a checkpoint before it is published. Without one, nobody is asked. */
  policy?: TlogPolicy;
  onStep?: OnStep;
  /** Told when a witness begins to cosign or to fail, or fails in another way. */
  onWitness?: (witness: string, state: string) => void;
  /** Told the size of a checkpoint that is held back for its quorum, and null when none is. */
  onQuorum?: (waiting: bigint | null) => void;
  witnessTimeoutMilliseconds?: number;
  refreshMilliseconds?: number;
};

export type Sequencer = {
  /** Puts waiting leaves into the tree; how many, which is MAX_BATCH when more may wait. */
  integrate: () => Promise<number>;
  /**
   * Brings the tree as it stands before the public: its size, or null when it was there already or its quorum is not
   * met. May wait for witnesses; `integrate` may be called meanwhile.
   */
  publish: () => Promise<bigint | null>;
  close: () => Promise<void>;
};

/**
 * Becomes the one active sequencer of the log, after checking everything it would build on; null while another one
 * runs, whose last checkpoint is then kept here too. After any error nothing is known of the last transaction: close it and open it anew.
 *
 * Throws SequencerRefusal when the log must not go on.
 */
export async function openSequencer(options: SequencerOptions): Promise<Sequencer | null> {
  const client = await connectAsSequencer(options.databaseUrl);
  try {
    if (await becomeActive(client)) return await runSequencer(client, options);
    await inOneTransaction(client, () => followLog(client, options));
    await client.end();
    return null;
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
}

async function runSequencer(client: pg.Client, options: SequencerOptions): Promise<Sequencer> {
  const { onStep = () => {}, onQuorum = () => {}, checkpointFile } = options;
  const { logKey, policy, lastSizes } = await inOneTransaction(client, async () => {
    const started = await startLog(client, options);
    const adopted = await adoptPolicy(client, options.policy, started.key);
    return { logKey: started, policy: adopted, lastSizes: await listWitnessSizes(client) };
  });
  const { alone, end } = oneAtATime();
  const cosigning = openCosigning({
    policy,
    lastSizes,
    proveGrowth: (oldSize, size) =>
      alone(async () =>
        oldSize === 0n ? [] : proveConsistency(oldSize, size, readerOfRows(tileLoader(client))),
      ),
    clock: () => Date.now(),
    timeoutMilliseconds: options.witnessTimeoutMilliseconds,
    refreshMilliseconds: options.refreshMilliseconds,
    onChange: options.onWitness,
  });
  const hasQuorum = policy.quorum !== null;
  const publisher = { client, logKey, checkpointFile, alone, cosigning, hasQuorum, onStep, onQuorum };
  async function close(): Promise<void> {
    end();
    await cosigning.close();
    await client.end();
  }
  try {
    await requireNobodyAhead(client, alone, cosigning);
  } catch (error) {
    await close();
    throw error;
  }
  let publishing: Promise<unknown> = Promise.resolve();
  return {
    integrate: () => alone(() => integrate(client, onStep)),
    // Two at once would bring the same checkpoint before the public twice.
    publish: () => {
      const turn = publishing.then(() => publishLog(publisher));
      publishing = turn.catch(() => {});
      return turn;
    },
    close,
  };
}

/** Runs work on the connection one after another; none after one that failed, because nothing is known then. */
function oneAtATime() {
  let last: Promise<unknown> = Promise.resolve();
  let isOver = false;
  function alone<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(async () => {
      if (isOver) throw new Error("This sequencer has ended.");
      try {
        return await work();
      } catch (error) {
        isOver = true;
        throw error;
      }
    });
    last = turn.catch(() => {});
    return turn;
  }
  return { alone, end: () => (isOver = true) };
}

/**
 * Every witness is a third place where the last signed checkpoint stands. One that has signed more than the database
 * knows says that the database was set back, or that it lies: a human must find out which.
 */
async function requireNobodyAhead(
  client: pg.Client,
  alone: <T>(work: () => Promise<T>) => Promise<T>,
  cosigning: Cosigning,
): Promise<void> {
  const head = await alone(() => inOneTransaction(client, () => requireHead(client)));
  const replies = await Promise.all(cosigning.ask({ size: head.signedSize, note: head.checkpoint }));
  for (const reply of replies)
    if (reply.state === "failed" && reply.reason === "is_ahead")
      throw new SequencerRefusal(
        "witness_is_ahead",
        `The database has signed ${head.signedSize} entries, and a witness says that it cosigned ${reply.lastSize}: ` +
          "the database was set back, or the witness errs. Going on could fork the log.",
      );
}

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
