import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { filesOfVersion } from "@/lib/catalogue/queries/version-files";
import { bundleOfVersion } from "@/lib/inference/commands/stored-bundle";
import { runContractSchema } from "@/lib/inference/run-contract";
import { db } from "@/lib/platform/db";
import { weightsOf } from "./draft-bundle";
import { type RunnableModel, findSelfDescribed, runnableBundle } from "./runnable-model";

/** What of a draft of the actor's own can be run here, as it is now: by its contract, or as a file says itself. */
export async function findModelOfDraft(actor: Actor, draftId: string): Promise<RunnableModel> {
  const files = await db.draftFile.findMany({
    where: { draftId, draft: { ownerId: actor.accountId } },
    select: { storedFileId: true, part: true, path: true, draft: { select: { runContract: true } } },
  });
  const contract = runContractSchema.safeParse(files[0]?.draft.runContract);
  if (!contract.success) return findSelfDescribed(files);
  return runnableBundle(await weightsOf(files), contract.data);
}

/** The same of a version on the market. */
export async function findModelOfVersion(versionId: string): Promise<RunnableModel> {
  const bundle = await bundleOfVersion(versionId);
  if (!("reason" in bundle)) return runnableBundle(bundle.files, bundle.contract);
  const files = await filesOfVersion(db, versionId);
  return files.length > 0
    ? findSelfDescribed(files)
    : { reason: "There are no files here that could be run." };
}
