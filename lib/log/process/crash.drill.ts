import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { db } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { toHex } from "@/lib/shared/encoding";
import { type OpenedCheckpoint, openCheckpoint } from "../checkpoint";
import { drain, makeEnvelopes, placesIn } from "@/lib/evidence/log.fixture";
import { buildMemoryLog } from "../memory-log.fixture";
import { equalBytes, proveConsistency, verifyConsistency } from "../merkle-tree";
import { verifyByNode } from "../node-ed25519";
import { findPublishedLog, findTile } from "../queries";
import { type SequencerStep, openSequencer } from "./sequencer";
import { type CrashPlan, crashRun } from "./sequencer-process.fixture";
import { openTiles } from "../tile-reader";

/**
 * Sequencers are killed without warning, at every numbered step and at random moments, under load and with others
 * standing by; one is taken from its connection and comes back; old backups are restored. Afterwards nothing that was
 * accepted is missing, and every checkpoint that anybody was ever served is a beginning of the last.
 */

const KILLS = Number(process.argv[2] ?? 200);
const LOST_CONNECTIONS = Math.ceil(KILLS / 20);
const BACKUPS = Math.ceil(KILLS / 40);
const STANDBYS = 2;
const WRITERS = 4;
const STEPS: SequencerStep[] = ["taken", "prepared", "signing", "signed", "kept", "public"];
const LOG_TABLES = ["LogHead", "LogTile", "LogLeaf", "LogPublished", "LogPending"];

mkdirSync(env().DATA_DIR, { recursive: true });
const folder = mkdtempSync(path.join(env().DATA_DIR, "crash-drill-"));
const options = { databaseUrl: env().DATABASE_URL, ...placesIn(folder, "drill.example/log/1") };
type Run = ReturnType<typeof crashRun>;

const accepted: string[] = [];
const served = new Map<bigint, string>();
let forks = 0;
let isOver = false;

/** Hands in without end; what is answered counts as accepted. */
async function load(submit: (count: number) => Promise<{ leafHash: string }[]>): Promise<void> {
  while (!isOver) {
    accepted.push(...(await submit(2)).map(({ leafHash }) => leafHash));
    await pause(2);
  }
}

/** What a reader sees at any moment. */
async function watch(): Promise<void> {
  while (!isOver) {
    const log = await findPublishedLog();
    if (log) {
      const known = served.get(log.checkpoint.size);
      if (known !== undefined && known !== log.note) forks += 1;
      served.set(log.checkpoint.size, log.note);
    }
    await pause(5);
  }
}

const runs: Run[] = [];
function begin(plan: CrashPlan): Run {
  const run = crashRun(options, { ...plan, standsBy: true });
  runs.push(run);
  return run;
}

/** The plan of a kill: each step in turn, and every fourth one at a random moment from outside. */
function planOf(kill: number): CrashPlan {
  const step = STEPS[kill % STEPS.length];
  return kill % 4 === 3 || !step ? {} : { killAt: step, killAfter: 1 + (kill % 3) };
}

async function activeOf(alive: Run[]): Promise<Run> {
  for (;;) {
    const active = alive.filter((run) => run.isActive());
    if (active[0]) return active[0];
    await pause(5);
  }
}

async function killLoop(): Promise<Map<string, number>> {
  const died = new Map<string, number>();
  const plans = new Map<Run, CrashPlan>();
  const alive: Run[] = [];
  let begun = 0;
  const one = () => {
    const plan = planOf(begun++);
    const run = begin(plan);
    plans.set(run, plan);
    alive.push(run);
  };
  while (alive.length <= STANDBYS) one();
  for (let kills = 0; kills < KILLS; kills++) {
    const active = await activeOf(alive);
    const { killAt } = plans.get(active) ?? {};
    if (!killAt) {
      await pause(Math.random() * 250);
      active.child.kill("SIGKILL");
    }
    const { signal, said } = await active.ended;
    if (signal !== "SIGKILL") throw new Error(`A sequencer ended by itself: ${said}`);
    alive.splice(alive.indexOf(active), 1);
    died.set(killAt ?? "at random", (died.get(killAt ?? "at random") ?? 0) + 1);
    one();
  }
  for (const run of alive) run.child.kill("SIGKILL");
  await Promise.all(alive.map(({ ended }) => ended));
  return died;
}

/** A sequencer stopped in the middle of its work loses its connection; another takes over; then it wakes up. */
async function comeBackLoop(): Promise<void> {
  for (let loop = 0; loop < LOST_CONNECTIONS; loop++) {
    const first = begin({});
    await first.saysActive();
    const second = begin({});
    await second.isReady();
    await pause(Math.random() * 200);
    first.child.kill("SIGSTOP");
    await db.$queryRaw`
      SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = ${0x0ffc_0710}::oid
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
    await second.saysActive();
    await pause(100);
    const before = first.published().length;
    first.child.kill("SIGCONT");
    await first.ended;
    // What it may still say was public before it was stopped.
    if (first.published().length > before + 1) throw new Error("A sequencer without its lock published.");
    second.child.kill("SIGKILL");
    await second.ended;
  }
}

async function behindItsBack(...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: options.databaseUrl });
  await client.connect();
  await client.query("SET session_replication_role = replica");
  for (const sql of statements) await client.query(sql);
  await client.end();
}

const backup = (name: string) =>
  behindItsBack(
    ...LOG_TABLES.flatMap((table) => [
      `DROP TABLE IF EXISTS "${name}${table}"`,
      `CREATE TABLE "${name}${table}" AS TABLE "${table}"`,
    ]),
  );
const restore = (name: string) =>
  behindItsBack(
    ...LOG_TABLES.map((table) => `DELETE FROM "${table}"`),
    ...LOG_TABLES.map((table) => `INSERT INTO "${table}" SELECT * FROM "${name}${table}"`),
  );

/** How often an old backup was refused. */
async function backupLoop(submit: (count: number) => Promise<{ leafHash: string }[]>): Promise<number> {
  let refused = 0;
  for (let loop = 0; loop < BACKUPS; loop++) {
    await backup("Old");
    const sequencer = await openSequencer(options);
    if (!sequencer) throw new Error("Another sequencer is active.");
    accepted.push(...(await submit(1 + loop)).map(({ leafHash }) => leafHash));
    await drain(sequencer);
    await sequencer.close();
    await backup("New");
    await restore("Old");
    await openSequencer(options).catch((error: { code?: string }) => {
      if (error.code !== "database_is_older") throw error;
      refused += 1;
    });
    await restore("New");
  }
  return refused;
}

/** Sizes that two processes said they had published: there must be none. */
function publishedTwice(): number {
  const sizes = runs.flatMap((run) => run.published());
  return sizes.length - new Set(sizes).size;
}

async function judge(): Promise<{ size: number; lost: number; inconsistent: number; isTree: boolean }> {
  const log = (await findPublishedLog())!;
  const tiles = openTiles(
    log.checkpoint,
    async ({ level, index, width }) => (await findTile(level, index, width))!,
  );
  let inconsistent = 0;
  for (const note of served.values()) {
    const opened = (await openCheckpoint(note, { logs: [log.key] }, verifyByNode)) as OpenedCheckpoint;
    const older = opened.checkpoint;
    const proof =
      older.size === 0n ? [] : await proveConsistency(older.size, log.checkpoint.size, tiles.readHashes);
    if (!verifyConsistency(older, log.checkpoint, proof)) inconsistent += 1;
  }
  const leaves = await db.logLeaf.findMany({
    orderBy: { index: "asc" },
    select: { body: true, leafHash: true },
  });
  const logged = new Set(leaves.slice(0, Number(log.checkpoint.size)).map(({ leafHash }) => toHex(leafHash)));
  const rebuilt = buildMemoryLog(leaves.slice(0, Number(log.checkpoint.size)).map(({ body }) => body));
  return {
    size: leaves.length,
    lost: accepted.filter((hash) => !logged.has(hash)).length,
    inconsistent,
    isTree: equalBytes(rebuilt.root, log.checkpoint.root),
  };
}

const begun = performance.now();
const makers = await Promise.all(Array.from({ length: WRITERS }, makeEnvelopes));
const background = [...makers.map(({ submit }) => load(submit)), watch()];
const died = await killLoop();
await comeBackLoop();
isOver = true;
await Promise.all(background);
const refusedBackups = await backupLoop(makers[0]!.submit);
const last = await openSequencer(options);
if (!last) throw new Error("Another sequencer is active.");
await drain(last);
await last.close();
const { size, lost, inconsistent, isTree } = await judge();
const twice = publishedTwice();

console.table([...died].map(([killed, times]) => ({ killed, times })));
console.table([
  {
    kills: KILLS,
    "lost connections": LOST_CONNECTIONS,
    accepted: accepted.length,
    lost,
    "checkpoints served": served.size,
    "not a beginning of the last": inconsistent,
    "two notes of one size": forks,
    "published twice": twice,
    "root rebuilt": isTree,
    "old backups refused": `${refusedBackups} of ${BACKUPS}`,
    entries: size,
    seconds: Math.round((performance.now() - begun) / 1000),
  },
]);
await db.$disconnect();
rmSync(folder, { recursive: true, force: true });
if (lost + inconsistent + forks + twice > 0 || !isTree || refusedBackups < BACKUPS || accepted.length < KILLS)
  process.exitCode = 1;
