import "server-only";
import type { Readable } from "node:stream";
import type { z } from "zod";
import type { Actor } from "@/lib/accounts/actor";
import { requireOwnDraft } from "./draft-files";
import { storeFile } from "@/lib/catalogue/commands/store-file";
import { safeFileName } from "@/lib/catalogue/file-name";
import { inTransaction } from "@/lib/platform/db";
import { deleteObject } from "@/lib/platform/storage";
import { EVALUATION_FILE_LIMITS } from "@/lib/measurement/evaluation-table";
import type { addEvaluationInput } from "../schemas";
import { type AddedEvaluation, addEvaluationToDraft } from "./add-evaluation";
import { removeIfUnused } from "./unused-files";

type Uploaded = Omit<z.infer<typeof addEvaluationInput>, "storedFileId"> & { declaredBytes?: number | null };

/**
 * Keeps the rows of an evaluation, encrypted and apart from the files for sale, and adds what they say to a draft.
 * A file that is refused is not kept.
 */
export async function uploadEvaluation(
  actor: Actor,
  source: Readable,
  { declaredBytes, ...input }: Uploaded,
): Promise<AddedEvaluation> {
  await requireOwnDraft(actor, input.draftId);
  const fileName = safeFileName(input.fileName);
  const maxBytes = EVALUATION_FILE_LIMITS.bytes;
  const file = await storeFile(actor, source, { name: fileName, maxBytes, declaredBytes });
  try {
    return await addEvaluationToDraft(actor, { ...input, fileName, storedFileId: file.id });
  } catch (error) {
    const freed = await inTransaction(async (tx) => removeIfUnused(tx, file.id));
    if (freed) await deleteObject(freed);
    throw error;
  }
}
