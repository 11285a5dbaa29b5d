import "server-only";
import type { Readable } from "node:stream";
import type { z } from "zod";
import type { Actor } from "@/lib/accounts/actor";
import { requireOwnDraft } from "./draft-files";
import { safeFileName } from "@/lib/catalogue/file-name";
import { EVALUATION_FILE_LIMITS } from "@/lib/measurement/evaluation-table";
import type { addEvaluationInput } from "../schemas";
import { type AddedEvaluation, addEvaluationToDraft } from "./add-evaluation";
import { type Patience, type StillReading, readPatiently, storeToRead } from "./read-patiently";
import { removeUnused } from "./unused-files";

type Uploaded = Omit<z.infer<typeof addEvaluationInput>, "storedFileId"> & {
  declaredBytes?: number | null;
  patience?: Patience;
};

/**
 * Keeps the rows of an evaluation, encrypted and apart from the files for sale, and adds what they say to a draft.
 * A file that is refused is not kept. What takes long goes on after the answer: see `readPatiently`.
 */
export async function uploadEvaluation(
  actor: Actor,
  source: Readable,
  { declaredBytes, patience, ...input }: Uploaded,
): Promise<AddedEvaluation | StillReading<AddedEvaluation>> {
  await requireOwnDraft(actor, input.draftId);
  const fileName = safeFileName(input.fileName);
  const maxBytes = EVALUATION_FILE_LIMITS.bytes;
  const file = await storeToRead(actor, source, { name: fileName, maxBytes, declaredBytes });
  const added = { ...input, fileName, storedFileId: file.id };
  return readPatiently(
    actor,
    fileName,
    async (onProgress) => addEvaluationToDraft(actor, added, onProgress),
    { undo: async () => removeUnused(file.id), patience },
  );
}
