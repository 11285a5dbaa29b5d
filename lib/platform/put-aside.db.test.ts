import { beforeAll, expect, test, vi } from "vitest";
import { Prisma } from "@/prisma/generated/client";
import { currentTime } from "./clock";
import { db } from "./db";
import { openInstallation } from "./installation";
import { log } from "./log";
import { isAsideSql, orPutAside } from "./put-aside";

beforeAll(openInstallation);

const CLOCK = "under test";
const fail = (reason: string) => () => Promise.reject(new Error(reason));
const kept = (row: string) => db.putAside.findUnique({ where: { clock_row: { clock: CLOCK, row } } });

async function isAside(row: string, now: Date): Promise<boolean> {
  const condition = isAsideSql(CLOCK, Prisma.sql`${row}`, now);
  const [found] = await db.$queryRaw<{ aside: boolean }[]>`SELECT ${condition} AS aside`;
  return found?.aside ?? false;
}

test("a row that fails waits 10 s, then four times as long each time and at most a day, with its last reason", async () => {
  for (const seconds of [10, 40, 160, 640, 2_560, 10_240, 40_960, 86_400, 86_400]) {
    const reason = `after ${seconds}`;
    const before = await currentTime();
    await orPutAside(CLOCK, "hopeless", fail(reason));
    const row = await kept("hopeless");
    expect(row?.reason).toBe(`Error: ${reason}`);
    const waits = (row!.retryAt.getTime() - before.getTime()) / 1000;
    expect(waits).toBeGreaterThanOrEqual(seconds - 0.1);
    expect(waits).toBeLessThan(seconds + 5);
    expect(await isAside("hopeless", before)).toBe(true);
    expect(await isAside("hopeless", row!.retryAt)).toBe(false);
  }
});

test("a row that succeeds is no longer aside, and holds up no other", async () => {
  await orPutAside(CLOCK, "late", fail("not yet"));
  expect(await kept("late")).not.toBeNull();
  expect(await isAside("other", await currentTime())).toBe(false);
  await orPutAside(CLOCK, "late", async () => undefined);
  expect(await kept("late")).toBeNull();
});

test("a reason is logged once for as long as it stays the same", async () => {
  const logged = vi.spyOn(log, "error");
  for (const reason of ["one", "one", "one", "two", "two"]) await orPutAside(CLOCK, "noisy", fail(reason));
  const lines = logged.mock.calls.map(([facts]) => facts);
  expect(lines).toEqual(
    ["Error: one", "Error: two"].map((reason) => ({ clock: CLOCK, row: "noisy", reason })),
  );
});
