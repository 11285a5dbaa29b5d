import "server-only";
import type { Readable } from "node:stream";
import type { Actor } from "@/lib/accounts/actor";
import { type Tx, db, inTransaction } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { noteContent } from "@/lib/platform/request";
import {
  type ByteRange,
  type RandomAccess,
  deleteObject,
  openObject,
  putObject,
  randomAccess,
} from "@/lib/platform/storage";
import { DomainError, notFoundError } from "@/lib/shared/domain-error";
import type { Prisma } from "@/prisma/generated/client";
import { checkArtifact } from "@/lib/artifact/detect";

/** A file as others may know it; where and how it lies in storage stays here. */
export type StoredFileView = {
  id: string;
  ownerId: string;
  sha256: string;
  sizeBytes: number;
  format: string;
};

type StoreOptions = {
  /** The name the person gave it; decides nothing but what a refusal says. */
  name: string;
  maxBytes?: number;
};

/**
 * Stores a file for its owner: encrypted and digested while it streams, then checked by structure. A file that is too
 * large, over the account's quota, a pickle or broken leaves neither row nor bytes. `within` runs in the transaction
 * that makes the row, so that what refers to it is made with it or not at all.
 */
export async function storeFile<T = undefined>(
  actor: Actor,
  source: Readable,
  { name, maxBytes = env().UPLOAD_MAX_BYTES }: StoreOptions,
  within?: (tx: Tx, file: StoredFileView) => Promise<T>,
): Promise<StoredFileView & { result: T }> {
  const left = await leftOfQuota(db, actor);
  if (left <= 0) throw overQuota();
  const stored = await putObject(source, { maxBytes: Math.min(maxBytes, left) }).catch((error: unknown) => {
    const isQuota = error instanceof DomainError && error.code === "file_too_large" && left < maxBytes;
    throw isQuota ? overQuota() : error;
  });
  noteContent(stored.sha256);
  try {
    const { format, structure } = await checkStructure(name, await randomAccess(stored));
    return await inTransaction(async (tx) => {
      // Uploads of one account take turns here, or two could each fit and exceed the quota together.
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`quota:${actor.accountId}`}, 0))`;
      if ((await leftOfQuota(tx, actor)) < stored.sizeBytes) throw overQuota();
      const row = await tx.storedFile.create({
        data: { ...stored, ownerId: actor.accountId, format, structure },
      });
      const file = viewOf(row);
      return { ...file, result: (await within?.(tx, file)) as T };
    });
  } catch (error) {
    await deleteObject(stored);
    throw error;
  }
}

/** A file's facts and plain bytes, or a range of them. The caller has authorised already. */
export async function openStoredFile(
  storedFileId: string,
  range?: ByteRange,
): Promise<StoredFileView & { stream: Readable }> {
  const row = await db.storedFile.findUnique({ where: { id: storedFileId } });
  if (!row) throw notFoundError("file");
  return { ...viewOf(row), stream: await openObject(row, range) };
}

/** What the bytes are, by their structure; throws `file_refused` with the reason. Nothing of the file is run. */
async function checkStructure(
  name: string,
  file: RandomAccess,
): Promise<{ format: string; structure: Prisma.InputJsonObject }> {
  const check = await checkArtifact(name, {
    sizeBytes: file.sizeBytes,
    read: (offset, length) => file.read(offset, Math.max(0, Math.min(length, file.sizeBytes - offset))),
  });
  if (!check.ok) throw new DomainError("file_refused", `${name} was not kept: ${check.reason}`);
  return { format: check.format, structure: check.facts };
}

function viewOf(row: {
  id: string;
  ownerId: string;
  sha256: string;
  sizeBytes: bigint;
  format: string;
}): StoredFileView {
  const { id, ownerId, sha256, sizeBytes, format } = row;
  return { id, ownerId, sha256, sizeBytes: Number(sizeBytes), format };
}

async function leftOfQuota(tx: Tx | typeof db, actor: Actor): Promise<number> {
  if (actor.kind === "system") return Number.MAX_SAFE_INTEGER;
  const { _sum } = await tx.storedFile.aggregate({
    where: { ownerId: actor.accountId },
    _sum: { sizeBytes: true },
  });
  return env().UPLOAD_QUOTA_BYTES - Number(_sum.sizeBytes ?? 0n);
}

function overQuota(): DomainError {
  const gigabytes = Math.round(env().UPLOAD_QUOTA_BYTES / 1024 ** 3);
  return new DomainError(
    "quota_reached",
    `This file does not fit into the ${gigabytes} GB that an account may keep here. Remove drafts or files you no longer need.`,
  );
}
