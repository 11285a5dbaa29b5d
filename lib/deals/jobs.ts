import "server-only";
import { isHeldSql } from "@/lib/catalogue/queries/version-files";
import { isPublishedSql } from "@/lib/log/process/published-envelopes";
import { currentTime } from "@/lib/platform/clock";
import { db } from "@/lib/platform/db";
import { isAsideSql, orPutAside } from "@/lib/platform/put-aside";
import { Prisma } from "@/prisma/generated/client";
import { deliverHeldFiles } from "./commands/deliver";
import { releaseDeal } from "./commands/release-deal";
import { runDeadline } from "./commands/run-deadline";
import { REMIND_BEFORE_HOURS, hoursAfter } from "./clock";

const BATCH = 100;

type Due = { id: string; step: "deliver" | "release" | "deadline" };

/**
 * Runs what the clocks of all deals say by now and answers how many were looked at. Any number of processes may run
 * it: a deal that another one has locked is skipped, and each step decides again under the deal's lock. Also finishes
 * a delivery that a crash cut off.
 */
export async function runDealClocks(): Promise<number> {
  const due = await listDue(await currentTime());
  for (const { id, step } of due) {
    await orPutAside(clockOf(step), id, () => run(id, step));
  }
  return due.length;
}

const clockOf = (step: Due["step"]) => `deals ${step}`;

async function run(id: string, step: Due["step"]): Promise<void> {
  if (step === "deliver") await deliverHeldFiles(id);
  else if (step === "release") await releaseDeal(id);
  else await runDeadline(id);
}

/**
 * Deals whose deadline has come, whose reminder is due, whose files wait to be handed over, or whose acceptance waits to
 * be proven, but for those put aside. Accepted ones that a published checkpoint does not cover yet are left out, so that they never keep others
 * from their turn.
 */
async function listDue(now: Date): Promise<Due[]> {
  const isAside = (step: Due["step"]) => isAsideSql(clockOf(step), Prisma.sql`d.id`, now);
  const soon = hoursAfter(now, REMIND_BEFORE_HOURS);
  return db.$queryRaw<Due[]>`
    WITH held AS (
      SELECT d.id FROM "Deal" d
      WHERE d.fulfilment = 'FUNDED' AND d."deadlineAt" > ${now}
        AND ${isHeldSql(Prisma.sql`d."versionId"`, Prisma.sql`d.part`)} AND NOT ${isAside("deliver")}
      ORDER BY d."deadlineAt" LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
    ), accepted AS (
      SELECT d.id FROM "Deal" d
      WHERE d.fulfilment = 'DELIVERY_ACCEPTED' AND (d."deadlineAt" <= ${now} OR d."acceptanceLog" IS NULL)
      AND NOT ${isAside("release")}
      AND EXISTS (
        SELECT 1 FROM "DealEvent" e
        WHERE e."dealId" = d.id AND e.kind IN ('accepted', 'accepted_by_silence')
          AND ${isPublishedSql(Prisma.sql`e.details->>'envelopeSha256'`)})
      ORDER BY d."deadlineAt" LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
    ), timed AS (
      SELECT d.id FROM "Deal" d
      WHERE d."deadlineKind" NOT IN ('objection', 'dispute')
        AND (d."deadlineAt" <= ${now} OR (d."remindedAt" IS NULL AND d."deadlineAt" <= ${soon}))
        AND NOT ${isAside("deadline")}
      ORDER BY d."deadlineAt" LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
    )
    SELECT id, 'deliver' AS step FROM held
    UNION ALL SELECT id, 'release' FROM accepted
    UNION ALL SELECT id, 'deadline' FROM timed`;
}
