import "server-only";
import type { Readable } from "node:stream";
import type { Actor } from "@/lib/accounts/actor";
import { type Tx, db, inTransaction } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { type FileInPieces, type Reader, readApart } from "@/lib/platform/reading";
import { noteContent } from "@/lib/platform/request";
import {
  type ByteRange,
  type RandomAccess,
  type StoredObject,
  deleteObject,
  openObject,
  putObject,
  randomAccess,
} from "@/lib/platform/storage";
import { DomainError, notFoundError } from "@/lib/shared/domain-error";
import type { Prisma } from "@/prisma/generated/client";
import { checkArtifact } from "@/lib/artifact/detect";
import type { ArtifactCheck } from "@/lib/artifact/structure-cursor";
import { beginUpload, overQuota } from "./upload-in-hand";

declare module "@/lib/platform/reading" {
  interface Readers {
    artifact: Reader<string, ArtifactCheck, FileInPieces>;
  }
}

/** A file as others may know it; where and how it lies in storage stays here. */
export type StoredFileView = {
  id: string;
  ownerId: string;
  sha256: string;
  sizeBytes: number;
  format: string;
};

type StoreOptions = {
  /** The name the person gave it: what it says must fit what the file is. */
  name: string;
  maxBytes?: number;
  /** What the sender says comes; more is refused. Without it all that is left of the quota is held meanwhile. */
  declaredBytes?: number | null;
};

/**
 * Stores a file for its owner: encrypted and digested while it streams, then checked by structure. Room in the quota is
 * held from the first byte on. A file that is too large, over the account's quota, not on the list of what is kept,
 * or broken leaves neither row nor bytes. `within` runs in the transaction that makes the row, so that what refers to it
 * is made with it or not at all.
 */
export async function storeFile<T = undefined>(
  actor: Actor,
  source: Readable,
  { name, maxBytes = env().UPLOAD_MAX_BYTES, declaredBytes = null }: StoreOptions,
  within?: (tx: Tx, file: StoredFileView) => Promise<T>,
): Promise<StoredFileView & { result: T }> {
  const upload = await beginUpload(actor, { maxBytes, declaredBytes }).catch((error: unknown) => {
    source.destroy();
    throw error;
  });
  let stored: StoredObject | null = null;
  try {
    stored = await putObject(source, { maxBytes: upload.roomBytes }).catch((error: unknown) => {
      const isOverRoom = error instanceof DomainError && error.code === "file_too_large";
      throw isOverRoom && declaredBytes === null && upload.roomBytes < maxBytes ? overQuota() : error;
    });
    const object = stored;
    noteContent(object.sha256);
    const { format, structure } = await checkStructure(actor, name, await randomAccess(object));
    return await inTransaction(async (tx) => {
      await upload.settle(tx, object.sizeBytes);
      const row = await tx.storedFile.create({
        data: { ...object, ownerId: actor.accountId, format, structure },
      });
      const file = viewOf(row);
      return { ...file, result: (await within?.(tx, file)) as T };
    });
  } catch (error) {
    if (stored) await deleteObject(stored);
    throw error;
  } finally {
    await upload.end();
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

/**
 * What the bytes are, by their structure, looked into apart from this process unless they are a text of at most 64 KiB;
 * throws `file_refused` with the reason. Nothing of the file is run.
 */
async function checkStructure(
  { accountId }: Actor,
  name: string,
  { sizeBytes, read }: RandomAccess,
): Promise<{ format: string; structure: Prisma.InputJsonObject }> {
  const pieces = {
    sizeBytes,
    read: (offset: number, length: number) => read(offset, Math.max(0, Math.min(length, sizeBytes - offset))),
  };
  const check = (await isShortText(pieces))
    ? await checkArtifact(name, pieces)
    : await readApart("artifact", name, { accountId, called: name, pieces });
  if (!check.ok) throw new DomainError("file_refused", `${name} was not kept: ${check.reason}`);
  return { format: check.format, structure: check.facts };
}

const SHORT_TEXT_BYTES = 64 * 1024;

/** Looking into it costs less than handing it over. Whatever has a structure, or is packed, has control characters. */
async function isShortText({ sizeBytes, read }: FileInPieces): Promise<boolean> {
  if (sizeBytes > SHORT_TEXT_BYTES) return false;
  const bytes = await read(0, sizeBytes);
  return bytes.every((byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d);
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
