import "server-only";
import { currentTime } from "@/lib/platform/clock";
import { type Tx, db } from "@/lib/platform/db";
import { isAsideSql } from "@/lib/platform/put-aside";
import { Prisma } from "@/prisma/generated/client";
import type { KeyEnrolment, KeyKind } from "../key";

/** What happened to a key and has no statement yet, with the key as it is. Times are the installation's. */
export type KeyEvent = {
  id: bigint;
  kind: "enrolled" | "delegated" | "approved" | "revoked";
  key: { id: string; accountId: string | null; kind: KeyKind; spki: Uint8Array };
  enrolledBy: KeyEnrolment;
  vouchedById: string | null;
  effectiveAt: Date;
  revokedAt: Date | null;
  at: Date;
};

/**
 * Lets nobody revoke or approve this key until the transaction ends, so that the log and this register agree on what
 * came first. Any number may hold a key at once; call it before reading whether the key is in force.
 */
export async function holdKey(tx: Tx, keyId: string): Promise<void> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock_shared(hashtextextended(${`signing key ${keyId}`}, 0))::text`;
}

/**
 * Waits for everybody who is signing with this key; whoever comes later reads it as changed. Its row is locked first,
 * as by whoever takes statements from outside.
 */
export async function lockKey(tx: Tx, keyId: string): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM "SigningKey" WHERE id = ${keyId} FOR UPDATE`;
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`signing key ${keyId}`}, 0))::text`;
}

/** Locks the events of a key that have no statement yet, in their order. */
export async function takeUnstatedEvents(tx: Tx, keyId: string): Promise<KeyEvent[]> {
  const rows = await tx.$queryRaw<{ id: bigint }[]>`
    SELECT id FROM "KeyEvent" WHERE "keyId" = ${keyId} AND "envelopeSha256" IS NULL ORDER BY id FOR UPDATE`;
  const key = rows.length > 0 && (await tx.signingKey.findUnique({ where: { id: keyId } }));
  if (!key) return [];
  const events = await tx.keyEvent.findMany({
    where: { id: { in: rows.map(({ id }) => id) } },
    orderBy: { id: "asc" },
  });
  return events.map((event) => ({ ...event, key, enrolledBy: event.enrolledBy as KeyEnrolment }));
}

/** Notes the envelope in which an event was stated. */
export async function markStated(tx: Tx, eventId: bigint, envelopeSha256: string): Promise<void> {
  await tx.keyEvent.update({ where: { id: eventId }, data: { envelopeSha256 } });
}

/** Keys with events that have no statement yet, the longest waiting first, without those that `clock` has put aside. */
export async function listUnstatedKeys(clock: string, limit: number): Promise<string[]> {
  const now = await currentTime();
  const rows = await db.$queryRaw<{ keyId: string }[]>`
    SELECT "keyId" FROM "KeyEvent" AS event
    WHERE "envelopeSha256" IS NULL AND NOT ${isAsideSql(clock, Prisma.sql`event."keyId"`, now)}
    GROUP BY "keyId" ORDER BY min(id) LIMIT ${limit}`;
  return rows.map(({ keyId }) => keyId);
}
