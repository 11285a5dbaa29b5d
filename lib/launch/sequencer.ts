import "server-only";
import path from "node:path";
import { MAX_BATCH, type Sequencer, SequencerRefusal, openSequencer } from "@/lib/evidence/log/sequencer";
import { db } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { openInstallation } from "@/lib/platform/installation";
import { log } from "@/lib/platform/log";

/** Waiting leaves enter the tree this often, or at once while a full batch waits. */
const INTEGRATE_MILLISECONDS = 250;
/** A grown tree is signed and published this often. */
const PUBLISH_MILLISECONDS = 500;
/** Before it is opened anew after a fault, and between a standby's questions. */
const RETRY_MILLISECONDS = 1_000;

const stopping = new AbortController();

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    function done() {
      clearTimeout(timer);
      stopping.signal.removeEventListener("abort", done);
      resolve();
    }
    stopping.signal.addEventListener("abort", done);
    if (stopping.signal.aborted) done();
  });
}

async function places() {
  const { DATABASE_URL, SEQUENCER_DATABASE_URL, DATA_DIR, LOG_CHECKPOINT_FILE } = env();
  await openInstallation();
  const { logOrigin } = await db.installation.findUniqueOrThrow({ where: { id: 1 } });
  await db.$disconnect();
  return {
    databaseUrl: SEQUENCER_DATABASE_URL ?? DATABASE_URL,
    origin: logOrigin,
    keyFile: path.resolve(DATA_DIR, "keys", "log", "log-1.pem"),
    checkpointFile: path.resolve(LOG_CHECKPOINT_FILE ?? path.join(DATA_DIR, "log", "last-checkpoint")),
  };
}

/** Integrates and publishes until asked to stop; throws at the first fault. */
async function runLog(sequencer: Sequencer): Promise<void> {
  let publishAt = 0;
  while (!stopping.signal.aborted) {
    const turnStart = performance.now();
    const isFull = (await sequencer.integrate()) === MAX_BATCH;
    if (performance.now() >= publishAt) {
      publishAt = performance.now() + PUBLISH_MILLISECONDS;
      const size = await sequencer.publish();
      if (size !== null) log.info({ size: size.toString() }, "checkpoint published");
    }
    if (!isFull) await pause(Math.max(0, INTEGRATE_MILLISECONDS - (performance.now() - turnStart)));
  }
}

/**
 * Runs the log, and opens it anew after a fault with every check of a first start, because nothing is known of a
 * transaction whose answer was lost. Ends with code 1, and not by itself otherwise, when the log must not go on.
 */
async function main(): Promise<void> {
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stopping.abort());
  // A parent that goes away without a signal closes this channel.
  process.once("disconnect", () => stopping.abort());
  let isStandby = false;
  while (!stopping.signal.aborted) {
    let sequencer: Sequencer | null = null;
    try {
      sequencer = await openSequencer(await places());
      if (sequencer) log.info("sequencer active");
      else if (!isStandby) log.info("another sequencer is active; standing by");
      isStandby = sequencer === null;
      if (sequencer) await runLog(sequencer);
    } catch (error) {
      if (error instanceof SequencerRefusal) {
        log.fatal({ code: error.code }, `the log must not go on: ${error.message}`);
        process.exitCode = 1;
        return;
      }
      log.error({ error: String(error) }, "sequencer failed; opening the log anew");
    } finally {
      await sequencer?.close().catch(() => {});
    }
    if (!stopping.signal.aborted) await pause(RETRY_MILLISECONDS);
  }
  log.info("sequencer stopped");
}

await main();
