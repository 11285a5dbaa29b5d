import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { filesOfVersion } from "@/lib/catalogue/queries/version-files";
import { db } from "@/lib/platform/db";
import { type RunnableModel, findRunnableModel } from "./runnable-model";

/** The file of a draft of the actor's own that can be run here, as its files are now; or why none can. */
export async function findModelOfDraft(actor: Actor, draftId: string): Promise<RunnableModel> {
  const files = await db.draftFile.findMany({
    where: { draftId, draft: { ownerId: actor.accountId } },
    select: { storedFileId: true, part: true },
  });
  return findRunnableModel(files);
}

/** The same of a version on the market. */
export async function findModelOfVersion(versionId: string): Promise<RunnableModel> {
  const files = await filesOfVersion(db, versionId);
  return files.length > 0
    ? findRunnableModel(files)
    : { reason: "There are no files here that could be run." };
}
