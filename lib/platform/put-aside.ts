import "server-only";
import { Prisma } from "@/prisma/generated/client";
import { currentTime } from "./clock";
import { db } from "./db";
import { log } from "./log";

/** After its first failure a row waits 10 s, then four times as long each time, at most a day. */
const FIRST_WAIT_SECONDS = 10;
const LONGEST_WAIT_SECONDS = 86_400;

/**
 * Does what a clock has to do for one of its rows. One that fails holds up no other: it is put aside with its reason,
 * which is logged once for as long as it stays the same, and its turn comes again after a growing wait. A clock leaves
 * those that wait out of what it takes: see `isAsideSql`.
 */
export async function orPutAside(clock: string, row: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    return putAside(clock, row, String(error));
  }
  await db.putAside.deleteMany({ where: { clock, row } });
}

async function putAside(clock: string, row: string, reason: string): Promise<void> {
  const place = { clock, row };
  const before = await db.putAside.findUnique({ where: { clock_row: place } });
  const failures = (before?.failures ?? 0) + 1;
  const wait = Math.min(FIRST_WAIT_SECONDS * 4 ** (failures - 1), LONGEST_WAIT_SECONDS);
  const retryAt = new Date((await currentTime()).getTime() + wait * 1000);
  const facts = { reason, failures, retryAt };
  await db.putAside.upsert({
    where: { clock_row: place },
    create: { ...place, ...facts },
    update: facts,
  });
  if (before?.reason !== reason) log.error({ ...place, reason }, "row put aside");
}

/** Whether a row of a clock waits for its next turn, as a condition of a statement that names the row. */
export function isAsideSql(clock: string, row: Prisma.Sql, now: Date): Prisma.Sql {
  return Prisma.sql`EXISTS (
    SELECT 1 FROM "PutAside" WHERE clock = ${clock} AND "row" = ${row} AND "retryAt" > ${now})`;
}
