import "server-only";
import type { Actor } from "@/lib/accounts/actor";
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
