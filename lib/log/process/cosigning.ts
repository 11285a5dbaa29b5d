import "server-only";
import { type WitnessReply, askWitness } from "./ask-witness";
import type { Cosignature } from "../cosignature";
import type { Hash } from "../merkle-tree";
import { type AskedWitness, askedWitnesses } from "../publishing-policy";
import { type TlogPolicy, meetsQuorum } from "../tlog-policy";

/** Collects the cosignatures that a policy asks for. Knows no database: what it gathers is handed over to be kept. */

export type SignedCheckpoint = { size: bigint; note: string };

/** A cosignature that holds, or what a witness says of itself: to be kept. */
export type Gathered = {
  /** Name and id of the key, which name a witness wherever it is kept. */
  witness: string;
  lastSize: bigint;
  cosignature: { size: bigint; timestamp: bigint; line: string } | null;
};

export type CosigningOptions = {
  policy: TlogPolicy;
  /** Sizes that the witnesses were last brought to, by their kept names. */
  lastSizes: ReadonlyMap<string, bigint>;
  proveGrowth: (oldSize: bigint, size: bigint) => Promise<Hash[]>;
  /** Milliseconds since 1970. */
  clock: () => number;
  timeoutMilliseconds?: number;
  refreshMilliseconds?: number;
  /** Told when a witness begins to cosign or to fail, or fails in another way. */
  onChange?: (witness: string, state: string) => void;
};

export type Cosigning = {
  /** Asks every witness that is free and due. Never rejects but for `proveGrowth`, and never waits for a busy one. */
  ask: (signed: SignedCheckpoint) => Promise<WitnessReply>[];
  /** Asks, and returns whether the quorum has cosigned this checkpoint: at once when it is met, else when all answered. */
  askForQuorum: (signed: SignedCheckpoint) => Promise<boolean>;
  /** What was gathered since the last time. */
  take: () => Gathered[];
  /** Ends what is under way. */
  close: () => Promise<void>;
};

const TIMEOUT_MILLISECONDS = 1_500;
const REFRESH_MILLISECONDS = 600_000;
const RETRY_MILLISECONDS = { least: 500, most: 5_000 };

/** How a witness is called in the database. */
export function keptName({ key }: Pick<AskedWitness, "key">): string {
  return `${key.name}+${key.keyId}`;
}

export function openCosigning(options: CosigningOptions): Cosigning {
  const { policy, clock } = options;
  const ending = new AbortController();
  const desks = askedWitnesses(policy).map((witness) => openDesk(witness, options, ending.signal));

  const ask = (signed: SignedCheckpoint) =>
    desks.filter((desk) => desk.isDue(signed.size, clock())).map((desk) => desk.ask(signed));

  function isMet({ size }: SignedCheckpoint): boolean {
    return meetsQuorum(
      policy,
      desks.flatMap((desk) => desk.cosignatureOf(size)),
    );
  }

  async function askForQuorum(signed: SignedCheckpoint): Promise<boolean> {
    const replies = ask(signed);
    if (isMet(signed)) return true;
    await new Promise<void>((resolve, reject) => {
      Promise.all(replies).then(() => resolve(), reject);
      for (const reply of replies) reply.then(() => isMet(signed) && resolve(), reject);
    });
    return isMet(signed);
  }

  return {
    ask,
    askForQuorum,
    take: () => desks.flatMap((desk) => desk.take()),
    close: async () => {
      ending.abort();
      await Promise.allSettled(desks.map((desk) => desk.settled()));
    },
  };
}

/** Everything between this log and one witness; one request at a time. */
function openDesk(witness: AskedWitness, options: CosigningOptions, signal: AbortSignal) {
  const { lastSizes, proveGrowth, clock, onChange } = options;
  const name = keptName(witness);
  let lastSize = lastSizes.get(name) ?? 0n;
  let underway: Promise<unknown> | null = null;
  let cosigned: { size: bigint; timestamp: bigint; at: number } | null = null;
  let failures = 0;
  let notBefore = 0;
  let said = "";
  const gathered: Gathered[] = [];

  function isDue(size: bigint, now: number): boolean {
    const isFresh =
      cosigned?.size === size && now - cosigned.at < (options.refreshMilliseconds ?? REFRESH_MILLISECONDS);
    return underway === null && now >= notBefore && !isFresh;
  }

  function settle(size: bigint, reply: WitnessReply): void {
    const state = reply.state === "cosigned" ? "cosigned" : `${reply.reason} ${reply.detail}`.trim();
    if (state !== said) onChange?.(witness.name, state);
    said = state;
    if (reply.state === "cosigned") {
      const { line, timestamp } = reply;
      cosigned = { size, timestamp, at: clock() };
      failures = 0;
      notBefore = 0;
      gathered.push({ witness: name, lastSize: reply.lastSize, cosignature: { size, timestamp, line } });
    } else {
      const { least, most } = RETRY_MILLISECONDS;
      notBefore = clock() + Math.min(most, least * 2 ** failures);
      failures += 1;
      if (reply.lastSize !== lastSize)
        gathered.push({ witness: name, lastSize: reply.lastSize, cosignature: null });
    }
    lastSize = reply.lastSize;
  }

  function ask({ size, note }: SignedCheckpoint): Promise<WitnessReply> {
    const question = {
      note,
      size,
      lastSize,
      proveFrom: (oldSize: bigint) => proveGrowth(oldSize, size),
      timeoutMilliseconds: options.timeoutMilliseconds ?? TIMEOUT_MILLISECONDS,
      now: BigInt(Math.floor(clock() / 1000)),
      signal,
    };
    const asked = askWitness(witness, question)
      .then((reply) => {
        if (!signal.aborted) settle(size, reply);
        return reply;
      })
      .finally(() => (underway = null));
    // Whoever waits for it is told of its failure; nobody need wait.
    asked.catch(() => {});
    underway = asked;
    return asked;
  }

  return {
    isDue,
    ask,
    cosignatureOf: (size: bigint): Cosignature[] =>
      cosigned?.size === size ? [{ key: witness.key, timestamp: cosigned.timestamp }] : [],
    take: () => gathered.splice(0),
    settled: () => underway ?? Promise.resolve(),
  };
}
