import "server-only";
import type { Readable } from "node:stream";
import type { Actor } from "@/lib/accounts/actor";
import { limits } from "@/lib/accounts/limits";
import { type Tx, db, inTransaction, isUniqueViolation } from "@/lib/platform/db";
import { deleteObject } from "@/lib/platform/storage";
import { DomainError, notFoundError, refuseUnless } from "@/lib/shared/domain-error";
import { UNSEEN_REFUSED, isPlainName } from "@/lib/shared/plain-name";
import { freeFileName, safeFileName } from "@/lib/catalogue/file-name";
import type { PartName } from "@/lib/catalogue/part";
import { lockOwnDraft } from "./edit-draft";
import { removeIfUnused } from "./unused-files";
import { type StoredFileView, storeFile } from "@/lib/catalogue/commands/store-file";

export type AttachedFile = StoredFileView & { draftFileId: string; path: string; part: PartName };

/** Throws `not_found` unless the draft is the actor's own and open: asked before the first byte is taken. */
export async function requireOwnDraft(actor: Actor, draftId: string): Promise<void> {
  // Upload addresses pass by the proxy, which refuses what no id can hold.
  if (!/^[\w-]{1,64}$/.test(draftId)) throw notFoundError("draft");
  const draft = await db.listingDraft.findFirst({
    where: { id: draftId, ownerId: actor.accountId, closedAt: null },
    select: { _count: { select: { files: true } } },
  });
  if (!draft) throw notFoundError("draft");
  requireRoomForFile(draft._count.files);
}

function requireRoomForFile(files: number): void {
  const most = limits.filesInDraft;
  refuseUnless(files < most, "too_many_files", `A draft holds at most ${most} files.`);
}

/** Stores an upload and attaches it to a draft, both or neither. A name that is taken gets a number. */
export async function uploadToDraft(
  actor: Actor,
  draftId: string,
  source: Readable,
  { name, part, declaredBytes }: { name: string; part: PartName; declaredBytes?: number | null },
): Promise<AttachedFile> {
  await requireOwnDraft(actor, draftId);
  refuseUnless(isPlainName(name), "file_name", `The name of this file was not taken. ${UNSEEN_REFUSED}`);
  const wanted = safeFileName(name);
  const { result, ...file } = await storeFile(
    actor,
    source,
    { name: wanted, declaredBytes },
    async (tx, stored) => attach(tx, actor, draftId, stored.id, { path: wanted, part }),
  );
  return { ...file, ...result, part };
}

/** Takes a file off a draft. Its bytes go with it unless a version, an evaluation or another draft needs them. */
export async function detachFile(
  actor: Actor,
  { draftFileId }: { draftFileId: string },
): Promise<{ message: string }> {
  const freed = await inTransaction(async (tx) => {
    const found = await tx.draftFile.findUnique({ where: { id: draftFileId } });
    if (!found) throw notFoundError("file");
    await lockOwnDraft(tx, actor, found.draftId);
    await tx.draftFile.delete({ where: { id: draftFileId } });
    return removeIfUnused(tx, found.storedFileId);
  });
  if (freed) await deleteObject(freed);
  return { message: "File removed." };
}

/** Says which part of the offer a file belongs to. */
export async function assignFile(
  actor: Actor,
  { draftFileId, part }: { draftFileId: string; part: PartName },
): Promise<{ message: string }> {
  await inTransaction(async (tx) => {
    const found = await tx.draftFile.findUnique({ where: { id: draftFileId } });
    if (!found) throw notFoundError("file");
    await lockOwnDraft(tx, actor, found.draftId);
    await tx.draftFile.update({ where: { id: draftFileId }, data: { part } });
  });
  return { message: "Changed." };
}

async function attach(
  tx: Tx,
  actor: Actor,
  draftId: string,
  storedFileId: string,
  { path, part }: { path: string; part: PartName },
): Promise<{ draftFileId: string; path: string }> {
  await lockOwnDraft(tx, actor, draftId);
  const taken = await tx.draftFile.findMany({ where: { draftId }, select: { path: true } });
  requireRoomForFile(taken.length);
  const free = freeFileName(path, new Set(taken.map((file) => file.path)));
  try {
    const { id } = await tx.draftFile.create({ data: { draftId, storedFileId, part, path: free } });
    return { draftFileId: id, path: free };
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new DomainError("name_taken", `Another file is named ${free}.`);
  }
}
