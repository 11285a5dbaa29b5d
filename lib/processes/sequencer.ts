import "server-only";
import { readFileSync } from "node:fs";
import { REFUSES } from "@/lib/launch/comeback.mjs";
import { beat } from "@/lib/launch/heartbeat.mjs";
import {
  MAX_BATCH,
  type Sequencer,
  type SequencerOptions,
  SequencerRefusal,
  openSequencer,
} from "@/lib/log/process/sequencer";
import { checkpointFile, logKeyFile } from "@/lib/log/process/log-files";
import { readPolicy } from "@/lib/log/tlog-policy";
import { db } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { openInstallation, readInstallation } from "@/lib/platform/installation";
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

/** The operator's policy; undefined when none is named. A file that cannot be used ends the process. */
function publishingPolicy(file: string | undefined) {
  if (file === undefined) return undefined;
  try {
    return readPolicy(readFileSync(file, "utf8"));
  } catch (error) {
    throw new SequencerRefusal("policy_unusable", `LOG_POLICY_FILE ${file}: ${(error as Error).message}`);
  }
}

async function options(): Promise<SequencerOptions> {
  const { DATABASE_URL, SEQUENCER_DATABASE_URL, LOG_POLICY_FILE } = env();
  await openInstallation();
  const { logOrigin } = await readInstallation();
  await db.$disconnect();
  return {
    databaseUrl: SEQUENCER_DATABASE_URL ?? DATABASE_URL,
    origin: logOrigin,
    keyFile: logKeyFile(),
    checkpointFile: checkpointFile(),
    policy: publishingPolicy(LOG_POLICY_FILE),
    onWitness: (witness, state) =>
      state === "cosigned"
        ? log.info({ witness }, "witness cosigns")
        : log.warn({ witness, state }, "witness failed"),
    onQuorum: tellQuorum(),
  };
}

/** Says once that a checkpoint is held back, and once that it no longer is. */
function tellQuorum() {
  let isWaiting = false;
  return (waiting: bigint | null) => {
    if (waiting !== null && !isWaiting)
      log.error({ size: waiting.toString() }, "the quorum of witnesses is not met: nothing new is published");
    if (waiting === null && isWaiting) log.info("the quorum of witnesses is met again");
    isWaiting = waiting !== null;
  };
}

/**
 * Integrates and publishes until asked to stop; throws at the first fault. Each goes on while the other waits, so
 * that no witness holds up what is handed in.
 */
async function runLog(sequencer: Sequencer): Promise<void> {
  async function integrate() {
    const isFull = (await sequencer.integrate()) === MAX_BATCH;
    beat("sequencer");
    return isFull ? 0 : INTEGRATE_MILLISECONDS;
  }
  async function publish() {
    const size = await sequencer.publish();
    if (size !== null) log.info({ size: size.toString() }, "checkpoint published");
    return PUBLISH_MILLISECONDS;
  }
  await Promise.all([repeat(integrate), repeat(publish)]);
}

/** Runs `turn` again and again; it says how many milliseconds after its start the next one begins. */
async function repeat(turn: () => Promise<number>): Promise<void> {
  while (!stopping.signal.aborted) {
    const begun = performance.now();
    const every = await turn();
    await pause(Math.max(0, every - (performance.now() - begun)));
  }
}

/**
 * Runs the log, and opens it anew after a fault with every check of a first start, because nothing is known of a
 * transaction whose answer was lost. Ends with the code REFUSES, and not by itself otherwise, when the log must not go on.
 */
async function main(): Promise<void> {
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stopping.abort());
  // A parent that goes away without a signal closes this channel.
  process.once("disconnect", () => stopping.abort());
  let isStandby = false;
  while (!stopping.signal.aborted) {
    let sequencer: Sequencer | null = null;
    try {
      sequencer = await openSequencer(await options());
      if (sequencer) log.info("sequencer active");
      else if (!isStandby) log.info("another sequencer is active; standing by");
      isStandby = sequencer === null;
      beat("sequencer");
      if (sequencer) await runLog(sequencer);
    } catch (error) {
      if (error instanceof SequencerRefusal) {
        log.fatal({ code: error.code }, `the log must not go on: ${error.message}`);
        process.exitCode = REFUSES;
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
