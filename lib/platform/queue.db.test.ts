import type { PgBoss } from "pg-boss";
import { afterEach, expect, test } from "vitest";
import { applyMigrations } from "@/lib/processes/database/migrate.mjs";
import { db } from "./db";
import { keepClock, openQueue } from "./queue";

const SOON = { timeout: 30_000, interval: 50 };

const processes: PgBoss[] = [];

afterEach(async () => {
  await Promise.all(processes.splice(0).map((queue) => queue.stop()));
});

async function openProcess(): Promise<PgBoss> {
  const queue = await openQueue();
  processes.push(queue);
  return queue;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test("processes that migrate an empty database together leave one set of queues", async () => {
  await db.$executeRaw`DROP SCHEMA pgboss CASCADE`;
  const url = process.env.DATABASE_URL ?? "";
  await Promise.all([applyMigrations(url), applyMigrations(url), applyMigrations(url)]);
  const queue = await openProcess();
  const names = (await queue.getQueues()).map(({ name }) => name);
  expect(names.sort()).toEqual(["evaluation-runs", "mail", "mail-undelivered"]);
});

test("a clock kept by two processes never runs twice at once, keeps its pace, and outlives its failures", async () => {
  let [running, most] = [0, 0];
  const startedAt: number[] = [];
  const run = async () => {
    startedAt.push(performance.now());
    most = Math.max(most, ++running);
    await pause(300);
    running--;
    if (startedAt.length === 2) throw new Error("a failure");
  };
  const clock = { name: "paced", everySeconds: 1, run };
  await Promise.all([keepClock(await openProcess(), clock), keepClock(await openProcess(), clock)]);
  await expect.poll(() => startedAt.length, SOON).toBeGreaterThanOrEqual(6);
  expect(most).toBe(1);
  const paceMs = (startedAt.at(-1)! - startedAt[0]!) / (startedAt.length - 1);
  expect(paceMs).toBeGreaterThan(500);
  expect(paceMs).toBeLessThan(2000);
});

test("a clock that fails at once, before it waits for anything, keeps its pace too", async () => {
  const startedAt: number[] = [];
  const run = () => {
    startedAt.push(performance.now());
    throw new Error("at once");
  };
  await keepClock(await openProcess(), { name: "broken", everySeconds: 1, run });
  await expect.poll(() => startedAt.length, SOON).toBeGreaterThanOrEqual(4);
  expect((startedAt.at(-1)! - startedAt[0]!) / (startedAt.length - 1)).toBeGreaterThan(500);
  const failed =
    await db.$queryRaw`SELECT 1 FROM pgboss.job WHERE name = 'clock-broken' AND state = 'failed'`;
  expect(failed).toEqual([]);
});

test("a turn that takes longer than its pace is followed at once, by one", async () => {
  let [turns, running, most] = [0, 0, 0];
  const run = async () => {
    most = Math.max(most, ++running);
    await pause(1500);
    running--;
    turns++;
  };
  const clock = { name: "slow", everySeconds: 1, run };
  await Promise.all([keepClock(await openProcess(), clock), keepClock(await openProcess(), clock)]);
  await expect.poll(() => turns, SOON).toBeGreaterThanOrEqual(3);
  expect(most).toBe(1);
});

test("a clock whose process was killed before it asked for the next turn goes on elsewhere", async () => {
  const killed = await openProcess();
  await killed.createQueue("clock-killed", { policy: "stately" });
  await killed.send("clock-killed", null, { heartbeatSeconds: 10 });
  expect(await killed.fetch("clock-killed")).toHaveLength(1);
  let turns = 0;
  await keepClock(await openProcess(), { name: "killed", everySeconds: 3600, run: async () => void turns++ });
  await pause(3000);
  expect(turns).toBe(0);
  await expect.poll(() => turns, SOON).toBeGreaterThanOrEqual(1);
});

test("a process that is told to stop lets the running turn finish and begins no other", async () => {
  let [begun, finished] = [0, 0];
  const run = async () => {
    begun++;
    await pause(1000);
    finished++;
  };
  const queue = await openQueue();
  await keepClock(queue, { name: "stopped", everySeconds: 1, run });
  await expect.poll(() => begun, SOON).toBe(1);
  const startedAt = performance.now();
  await queue.stop({ timeout: 3000 });
  expect(performance.now() - startedAt).toBeLessThan(2500);
  expect([begun, finished]).toEqual([1, 1]);
});
