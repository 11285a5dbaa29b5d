import "server-only";
import type { z } from "zod";
import type { Actor } from "@/lib/accounts/actor";
import { lockOwnDraft } from "./edit-draft";
import { db, inTransaction } from "@/lib/platform/db";
import { notFoundError, refuseUnless } from "@/lib/shared/domain-error";
import { MAX_FOREIGN_BYTES } from "@/lib/formats/foreign-source";
import { type ImportReport, chosenOf, readImportReport } from "@/lib/formats/import-report";
import { readForeignFile } from "@/lib/formats/read-foreign-file";
import { deleteEvaluation } from "@/lib/evidence/commands/draft-evaluations";
import { type EvaluationRecord, insertEvaluation, lockEvaluation } from "@/lib/evidence/records/evaluations";
import type { judgePredictionsInput } from "../schemas";
import { addOutputSlices } from "@/lib/measurement/slice";
import { measureDraftAnew } from "./add-evaluation";
import { countRows, readOwnFile, readRowsFile } from "./read-evaluation-file";

/**
 * Counts the rows of an unsigned evaluation of a draft again, with the chosen predictions as slices of their own, marked
 * as discovered. What was counted never changes, so a new evaluation takes the old one's place. Throws `not_found` for
 * a stranger and `evaluation_signed` once its maker has signed.
 */
export async function judgePredictions(
  actor: Actor,
  { importId, predictions }: z.infer<typeof judgePredictionsInput>,
): Promise<{ message: string }> {
  const found = await db.draftImport.findFirst({
    where: { id: importId, draft: { ownerId: actor.accountId, closedAt: null } },
  });
  if (!found?.evaluationId) throw notFoundError("evaluation");
  const report = readImportReport(found.report);
  const chosen = chosenOf(report.offers, predictions);
  const bytes = await readOwnFile(actor, found.storedFileId, MAX_FOREIGN_BYTES);
  const read = addOutputSlices(...(await rowsOf(found, report, bytes)), chosen);
  await inTransaction(async (tx) => {
    await lockOwnDraft(tx, actor, found.draftId);
    const { id, ...row } = await lockEvaluation(tx, found.evaluationId ?? "");
    refuseUnless(row.envelopeSha256 === null, "evaluation_signed", "What is signed cannot be counted again.");
    const counted = countRows(read, row.summary.level);
    await deleteEvaluation(tx, id);
    const evaluationId = await insertEvaluation(tx, { ...broughtAgain(row), ...counted });
    await tx.draftImport.updateMany({
      where: { evaluationId: id },
      data: { evaluationId, report: { ...report, chosen } },
    });
    await measureDraftAnew(tx, actor, found.draftId);
  });
  const slices = chosen.length === 1 ? "1 prediction is" : `${chosen.length} predictions are`;
  return {
    message:
      chosen.length === 0 ? "Counted without slices over predictions." : `Counted again: ${slices} judged.`,
  };
}

/** Everything of a row but what was counted. */
function broughtAgain(row: Omit<EvaluationRecord, "id">) {
  const { draftId, dataSetName, rowsFileId, rowsUse, grade, evaluatorId, finishedAt, createdAt } = row;
  const { observedFrom, observedTo, startedAt } = row;
  const about = { draftId, dataSetName, rowsFileId, rowsUse, grade, evaluatorId };
  return { ...about, finishedAt, createdAt, observedFrom, observedTo, startedAt, runtime: null };
}

async function rowsOf(
  found: { format: string; fileName: string },
  { outputColumns }: ImportReport,
  bytes: Uint8Array,
): Promise<[rows: Parameters<typeof addOutputSlices>[0], slices: Parameters<typeof addOutputSlices>[1]]> {
  if (found.format === "evaluation-file") {
    const { rows, slices } = readRowsFile(found.fileName, bytes, { outputColumns });
    return [rows, slices];
  }
  const read = await readForeignFile(found.fileName, bytes);
  if ("refusal" in read) throw new Error(`A kept import can no longer be read: ${read.refusal}`);
  return [read.rows, read.slices];
}
