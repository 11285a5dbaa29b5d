import "server-only";
import { randomUUID } from "node:crypto";
import type { Actor } from "@/lib/accounts/actor";
import { type Tx, db, inTransaction } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { log } from "@/lib/platform/log";
import { asPlatform } from "@/lib/platform/request";
import { DomainError, refuseUnless } from "@/lib/shared/domain-error";
import { sizeText } from "@/lib/shared/size-text";

const UPLOADS_AT_ONCE = 4;
/** How long room is held after a process that held it died. */
const HELD_SECONDS = 120;
const RENEWED_EVERY_SECONDS = 30;

export type UploadInHand = {
  /** As much may come; at most `maxBytes`. */
  roomBytes: number;
  /** Gives the room up inside the transaction that keeps the file; throws `quota_reached` where it was lost meanwhile. */
  settle(tx: Tx, sizeBytes: number): Promise<void>;
  /** Gives up whatever is still held. */
  end(): Promise<void>;
};

/**
 * Holds room in the account's quota for an upload that begins. What is kept and what is held never exceed
 * `UPLOAD_QUOTA_BYTES` together, however many begin at the same moment. Throws `file_too_large`, `quota_reached`, and
 * `too_many_uploads` beyond four at once. The platform's own files have no quota.
 */
export async function beginUpload(
  actor: Actor,
  { maxBytes, declaredBytes }: { maxBytes: number; declaredBytes: number | null },
): Promise<UploadInHand> {
  if (declaredBytes !== null && declaredBytes > maxBytes)
    throw new DomainError("file_too_large", `The file is larger than ${sizeText(maxBytes)}.`);
  if (actor.kind === "system")
    return { roomBytes: maxBytes, settle: async () => undefined, end: async () => undefined };
  const id = randomUUID();
  // Room is not what the request is about: its receipt is written with the file.
  const roomBytes = await asPlatform(() =>
    inTransaction((tx) => hold(tx, actor.accountId, id, { maxBytes, declaredBytes })),
  );
  const renewal = setInterval(() => {
    renew(id).catch((error: unknown) => log.warn({ err: error }, "an upload's room was not renewed"));
  }, RENEWED_EVERY_SECONDS * 1000);
  renewal.unref();
  return {
    roomBytes,
    settle: (tx, sizeBytes) => settle(tx, actor.accountId, id, sizeBytes),
    end: async () => {
      clearInterval(renewal);
      await db.uploadInHand.deleteMany({ where: { id } });
    },
  };
}

export function overQuota(): DomainError {
  return new DomainError(
    "quota_reached",
    `This file does not fit into the ${sizeText(env().UPLOAD_QUOTA_BYTES)} that an account may keep here. Remove drafts or files you no longer need.`,
  );
}

async function hold(
  tx: Tx,
  accountId: string,
  id: string,
  { maxBytes, declaredBytes }: { maxBytes: number; declaredBytes: number | null },
): Promise<number> {
  await lockQuota(tx, accountId);
  await tx.$executeRaw`DELETE FROM "UploadInHand" WHERE "expiresAt" <= clock_timestamp()`;
  const count = await tx.uploadInHand.count({ where: { ownerId: accountId } });
  refuseUnless(
    count < UPLOADS_AT_ONCE,
    "too_many_uploads",
    `${UPLOADS_AT_ONCE} uploads of yours are under way. Wait until one has ended.`,
  );
  // As many as are declared, or all that is left; an upload of nothing is refused later, for being empty.
  const wanted = declaredBytes === null ? null : Math.max(1, declaredBytes);
  const [held] = await tx.$queryRaw<{ reservedBytes: bigint }[]>`
    INSERT INTO "UploadInHand" ("id", "ownerId", "reservedBytes", "expiresAt")
    SELECT ${id}, ${accountId}, LEAST(COALESCE(${wanted}::bigint, "left"), ${maxBytes}::bigint),
           clock_timestamp() + make_interval(secs => ${HELD_SECONDS})
    FROM (SELECT ${env().UPLOAD_QUOTA_BYTES}::bigint
            - (SELECT COALESCE(SUM("sizeBytes"), 0) FROM "StoredFile" WHERE "ownerId" = ${accountId})
            - (SELECT COALESCE(SUM("reservedBytes"), 0) FROM "UploadInHand" WHERE "ownerId" = ${accountId}) AS "left") AS quota
    WHERE COALESCE(${wanted}::bigint, 1) <= "left"
    RETURNING "reservedBytes"`;
  if (!held) throw overQuota();
  return Number(held.reservedBytes);
}

async function settle(tx: Tx, accountId: string, id: string, sizeBytes: number): Promise<void> {
  await lockQuota(tx, accountId);
  const { count } = await tx.uploadInHand.deleteMany({ where: { id } });
  if (count === 1) return;
  // The process stood still for longer than room is held: others may have taken it.
  const [quota] = await tx.$queryRaw<{ fits: boolean }[]>`
    SELECT (SELECT COALESCE(SUM("sizeBytes"), 0) FROM "StoredFile" WHERE "ownerId" = ${accountId})
         + (SELECT COALESCE(SUM("reservedBytes"), 0) FROM "UploadInHand" WHERE "ownerId" = ${accountId})
         + ${sizeBytes}::bigint <= ${env().UPLOAD_QUOTA_BYTES}::bigint AS "fits"`;
  if (!quota?.fits) throw overQuota();
}

/** Uploads of one account take turns here, or two could each fit and exceed the quota together. */
async function lockQuota(tx: Tx, accountId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`quota:${accountId}`}, 0))`;
}

async function renew(id: string): Promise<void> {
  await db.$executeRaw`
    UPDATE "UploadInHand" SET "expiresAt" = clock_timestamp() + make_interval(secs => ${HELD_SECONDS}) WHERE "id" = ${id}`;
}
