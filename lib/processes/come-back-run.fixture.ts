import "server-only";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type EnvelopeMaker, makeEnvelopes } from "@/lib/evidence/log.fixture";
import { commandLineOf } from "@/lib/launch/processes.mjs";
import { db, inTransaction } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { enqueueMail } from "@/lib/platform/outbox";
import { withConnection } from "./database/databases.mjs";

/**
 * Kills processes of the market in whose environment it runs, one after another, and measures how long it takes until
 * everything works again: a page answers, a mail that waits is delivered, a clock runs, the log publishes an entry.
 * Its arguments are the names to kill, in their order. Ends with 1 when one takes too long.
 */

/** The first match tells which process of the launcher's record it is. */
const PROCESSES = {
  postgres: "postgres -D",
  jobs: "jobs.ts",
  sequencer: "sequencer.ts",
  web: "next",
} as const;
type Name = keyof typeof PROCESSES;

/** From the kill until everything works, and from the database's first answer where it was the one that was killed. */
const MOST_SECONDS = 60;
const MOST_SECONDS_AFTER_DATABASE = 15;
const GIVEN_UP_AFTER_SECONDS = 120;

function findProcess(name: Name): number {
  const record = readFileSync(path.join(env().DATA_DIR, "processes.json"), "utf8");
  const pids = (JSON.parse(record) as { pid: number }[]).map(({ pid }) => pid);
  const found = pids.find((pid) => commandLineOf(pid).includes(PROCESSES[name]));
  if (found === undefined) throw new Error(`No ${name} process runs.`);
  return found;
}

/** Tries again until it answers yes; a failure is no. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  const last = Date.now() + GIVEN_UP_AFTER_SECONDS * 1000;
  while (!(await isSo().catch(() => false))) {
    if (Date.now() > last) throw new Error(`Not within ${GIVEN_UP_AFTER_SECONDS} s: ${isSo.toString()}`);
    await pause(50);
  }
}

async function answers(): Promise<boolean> {
  const response = await fetch(env().APP_ORIGIN, { signal: AbortSignal.timeout(5_000) });
  return response.status === 200 && (await response.text()).includes("</html>");
}

async function mailArrives(): Promise<void> {
  const idempotencyKey = randomUUID();
  const mail = { to: "kill@example.test", subject: "Still here", text: "Yes." };
  await until(async () => (await inTransaction((tx) => enqueueMail(tx, idempotencyKey, mail)), true));
  await until(async () => (await db.mailboxMessage.count({ where: { idempotencyKey } })) === 1);
}

async function clockRuns(): Promise<void> {
  const turns = async () => {
    const rows = await db.$queryRaw<{ last: Date | null }[]>`
      SELECT max(started_on) AS last FROM pgboss.job WHERE name = 'clock-keys'`;
    return Number(rows[0]?.last);
  };
  let before = Number.NaN;
  await until(async () => Number.isFinite((before = await turns())));
  await until(async () => (await turns()) > before);
}

async function logGoesOn({ submit }: EnvelopeMaker): Promise<void> {
  let envelopeSha256 = "";
  await until(async () => Boolean((envelopeSha256 = (await submit(1))[0]!.sha256)));
  await until(async () => {
    const leaf = await db.logLeaf.findFirst({ where: { envelopeSha256 } });
    return leaf !== null && (await db.logPublished.count({ where: { size: { gt: leaf.index } } })) > 0;
  });
}

async function everythingWorks(envelopes: EnvelopeMaker): Promise<void> {
  await Promise.all([until(answers), mailArrives(), clockRuns(), logGoesOn(envelopes)]);
}

/** A connection of its own, because the pools are what is judged. */
async function databaseAnswers(): Promise<boolean> {
  return withConnection(
    env().DATABASE_URL,
    async (client) => (await client.query("SELECT 1")).rowCount === 1,
  );
}

const secondsSince = (begun: number) => Number(((performance.now() - begun) / 1000).toFixed(1));

async function kill(name: Name, envelopes: EnvelopeMaker) {
  const pid = findProcess(name);
  const begun = performance.now();
  process.kill(pid, "SIGKILL");
  await until(databaseAnswers);
  const answeredAt = performance.now();
  await everythingWorks(envelopes);
  const seconds = secondsSince(begun);
  const afterDatabase = name === "postgres" ? secondsSince(answeredAt) : 0;
  const isInTime = seconds <= MOST_SECONDS && afterDatabase <= MOST_SECONDS_AFTER_DATABASE;
  return { killed: name, seconds, afterDatabase, isInTime: isInTime && findProcess(name) !== pid };
}

const envelopes = await makeEnvelopes();
await everythingWorks(envelopes);
const kills: Awaited<ReturnType<typeof kill>>[] = [];
for (const name of process.argv.slice(2) as Name[]) kills.push(await kill(name, envelopes));
for (const name of new Set(kills.map(({ killed }) => killed))) {
  const own = kills.filter(({ killed }) => killed === name);
  const after =
    name === "postgres" ? ` (${Math.max(...own.map((one) => one.afterDatabase))} s after the database)` : "";
  const row = {
    attack: `kill -9 of ${name}, ${own.length} times: until page, mail, clock and log all work`,
    limit: `${MOST_SECONDS} s${name === "postgres" ? `, ${MOST_SECONDS_AFTER_DATABASE} s after the database` : ""}`,
    measured: `${Math.max(...own.map(({ seconds }) => seconds))} s${after}`,
    within: own.every(({ isInTime }) => isInTime),
  };
  console.log(JSON.stringify(row));
}
await db.$disconnect();
process.exit(kills.every(({ isInTime }) => isInTime) ? 0 : 1);
