import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { lockOwnDraft } from "./edit-draft";
import { inTransaction } from "@/lib/platform/db";
import { deleteObject } from "@/lib/platform/storage";
import { notFoundError, refuseUnless } from "@/lib/shared/domain-error";
import { deleteEvaluation } from "@/lib/evidence/commands/draft-evaluations";
import { lockEvaluation } from "@/lib/evidence/records/evaluations";
import { measureDraftAnew } from "./add-evaluation";
import { removeIfUnused } from "./unused-files";

/**
 * Takes a file that was read off a draft, with the unsigned evaluation of its rows. Fields it filled stay: they are
 * the seller's words now. Throws `not_found` for a stranger and `evaluation_signed` where its rows were signed.
 */
export async function removeImport(
  actor: Actor,
  { importId }: { importId: string },
): Promise<{ message: string }> {
  const freed = await inTransaction(async (tx) => {
    const found = await tx.draftImport.findUnique({ where: { id: importId } });
    if (!found) throw notFoundError("file");
    await lockOwnDraft(tx, actor, found.draftId);
    if (found.evaluationId) {
      const { envelopeSha256 } = await lockEvaluation(tx, found.evaluationId);
      refuseUnless(
        envelopeSha256 === null,
        "evaluation_signed",
        "Its rows are signed; what is signed stays.",
      );
      await deleteEvaluation(tx, found.evaluationId);
    }
    await tx.draftImport.delete({ where: { id: importId } });
    if (found.evaluationId) await measureDraftAnew(tx, actor, found.draftId);
    return removeIfUnused(tx, found.storedFileId);
  });
  if (freed) await deleteObject(freed);
  return { message: "Removed. What it filled in stays." };
}
