import "server-only";
import { storageKeysInUse } from "@/lib/catalogue/queries/stored-files";
import { hasNoEvaluation } from "@/lib/evidence/queries/draft-evaluations";
import { currentTime } from "@/lib/platform/clock";
import { db, inTransaction } from "@/lib/platform/db";
import { Prisma } from "@/prisma/generated/client";
import { deleteObject, listObjectsOlderThan, sweepIncoming } from "@/lib/platform/storage";
import { listUnusedFiles, removeIfUnused } from "./unused-files";

const DISCARDED_DAYS = 7;
const LEFT_BEHIND_HOURS = 24;
const BATCH = 200;

export type Swept = { drafts: number; files: number; objects: number; incoming: number };

/**
 * Deletes what nobody can reach any more: drafts thrown away a week ago, files no draft, version or evaluation refers
 * to, and bytes whose row never came because a process was killed. Whatever is younger than a day stays, because an
 * upload may still be on its way to its row. Safe to run twice, in several processes, and to be killed.
 */
export async function sweepFiles(): Promise<Swept> {
  const now = await currentTime();
  const dayAgo = new Date(now.getTime() - LEFT_BEHIND_HOURS * 3_600_000);
  const drafts = await sweepDrafts(new Date(now.getTime() - DISCARDED_DAYS * 86_400_000));
  const files = await sweepUnusedFiles(dayAgo);
  await db.fileReading.deleteMany({ where: { startedAt: { lt: dayAgo } } });
  // Storage keeps the time of the machine, which no demo moves forward.
  const dayAgoOnDisk = new Date(Date.now() - LEFT_BEHIND_HOURS * 3_600_000);
  return { drafts, files, ...(await sweepObjects(dayAgoOnDisk)) };
}

/** A draft with an evaluation stays: what has been counted, and perhaps signed, names it. */
async function sweepDrafts(before: Date): Promise<number> {
  return db.$executeRaw`
    DELETE FROM "ListingDraft" AS draft WHERE "closedAt" < ${before} AND "publishedAt" IS NULL
      AND ${hasNoEvaluation(Prisma.sql`draft.id`)}`;
}

async function sweepUnusedFiles(before: Date): Promise<number> {
  const unused = await listUnusedFiles(before, BATCH);
  for (const id of unused) {
    const freed = await inTransaction(async (tx) => removeIfUnused(tx, id));
    if (freed) await deleteObject(freed);
  }
  return unused.length;
}

async function sweepObjects(before: Date): Promise<{ objects: number; incoming: number }> {
  let objects = 0;
  let batch: string[] = [];
  for await (const storageKey of listObjectsOlderThan(before)) {
    batch.push(storageKey);
    if (batch.length < BATCH) continue;
    objects += await deleteUnknown(batch);
    batch = [];
  }
  objects += await deleteUnknown(batch);
  return { objects, incoming: await sweepIncoming(before) };
}

/** Deletes the bytes of those that no row knows of; how many. */
async function deleteUnknown(storageKeys: readonly string[]): Promise<number> {
  const inUse = await storageKeysInUse(storageKeys);
  const unknown = storageKeys.filter((storageKey) => !inUse.has(storageKey));
  for (const storageKey of unknown) await deleteObject({ storageKey });
  return unknown.length;
}
