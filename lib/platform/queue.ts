import "server-only";
import { PgBoss, fromPrisma } from "pg-boss";
import type { Tx } from "./db";
import { env } from "./env";
import { log } from "./log";

/** A worker that says nothing for this long is taken for dead, and its job is given to another. */
export const HEARTBEAT_SECONDS = 10;

/** Something done again and again: at most once at a time over all processes, and safe to be killed. */
export type Clock = { name: string; everySeconds: number; run: () => Promise<unknown> };

/** Opens the queue for a process that works on it. Its `stop` lets what runs finish, for as long as it is told. */
export async function openQueue(): Promise<PgBoss> {
  const queue = new PgBoss({
    connectionString: env().DATABASE_URL,
    max: 5,
    schedule: false,
    // The migrations make it; without them a process that works has nothing to work on.
    createSchema: false,
    superviseIntervalSeconds: HEARTBEAT_SECONDS / 2,
    monitorIntervalSeconds: HEARTBEAT_SECONDS / 2,
    maintenanceIntervalSeconds: 3600,
  });
  queue.on("error", ({ message }) => log.error({ error: message }, "queue failed"));
  queue.on("warning", ({ message, data }) => log.warn(data, message));
  return queue.start();
}

/**
 * Keeps a clock in this process from now on. The policy of its queue lets one turn wait and one run, however many
 * processes keep it. A turn begins by asking for the next, so neither its failure nor a kill ends the clock.
 */
export async function keepClock(queue: PgBoss, { name, everySeconds, run }: Clock): Promise<void> {
  const turns = `clock-${name}`;
  const pollingIntervalSeconds = Math.min(5, everySeconds / 2);
  const options = { heartbeatSeconds: HEARTBEAT_SECONDS, expireInSeconds: 86_400, deleteAfterSeconds: 3600 };
  // Due half a poll early, so that the poll nearest to its time finds it.
  const next = { ...options, startAfter: everySeconds - pollingIntervalSeconds / 2 };
  await queue.createQueue(turns, { policy: "stately" });
  await queue.send(turns, null, options);
  await queue.work(turns, { pollingIntervalSeconds }, async () => {
    await queue.send(turns, null, next);
    await Promise.resolve()
      .then(run)
      .catch((error: unknown) => log.error({ clock: name, error: String(error) }, "clock failed"));
  });
}

/** Work on one row that says itself how far it is, so that whoever is killed is followed by another. */
export type Work = { name: "evaluation-runs"; atOnce: number; run: (rowId: string) => Promise<unknown> };

/** More often than any row lets itself be begun. */
const MAX_BEGINNINGS = 10_000;

/** Asks for work on a row in the caller's transaction; a row is asked for once. */
export async function enqueueWork(tx: Tx, name: Work["name"], rowId: string): Promise<void> {
  const options = {
    id: rowId,
    retryLimit: MAX_BEGINNINGS,
    retryDelay: 1,
    heartbeatSeconds: HEARTBEAT_SECONDS,
    expireInSeconds: 86_400,
    retentionSeconds: 30 * 86_400,
  };
  await new PgBoss({ db: fromPrisma(tx) }).send(name, { rowId }, options);
}

/**
 * Works in this process from now on, on so many rows at once; any number of processes may, and each row is taken by one.
 * What fails, or whose process is killed, is begun again by whoever is free.
 */
export async function keepWorker(queue: PgBoss, { name, atOnce, run }: Work): Promise<void> {
  const options = { localConcurrency: atOnce, pollingIntervalSeconds: 0.5 };
  await queue.work<{ rowId: string }>(name, options, async (jobs) => {
    for (const { data } of jobs)
      await run(data.rowId).catch((error: unknown) => {
        log.error({ work: name, row: data.rowId, error: String(error) }, "work broke off");
        throw error;
      });
  });
}
