import "server-only";
import type { z } from "zod";
import type { Actor } from "@/lib/accounts/actor";
import { lockOwnDraft } from "./edit-draft";
import { type Tx, db, inTransaction } from "@/lib/platform/db";
import { pick } from "@/lib/shared/pick";
import { notFoundError, refuseUnless } from "@/lib/shared/domain-error";
import { MAX_FOREIGN_BYTES } from "@/lib/formats/foreign-source";
import { type ImportReport, chosenOf, readImportReport } from "@/lib/formats/import-report";
import type { CountedRows, Counting, RowsAsked } from "@/lib/formats/read-rows";
import type { Progress } from "@/lib/platform/reading";
import { deleteEvaluation } from "@/lib/evidence/commands/draft-evaluations";
import {
  type EvaluationRecord,
  findMarks,
  insertEvaluation,
  lockEvaluation,
} from "@/lib/evidence/records/evaluations";
import type { judgePredictionsInput } from "../schemas";
import { measureDraftAnew } from "./add-evaluation";
import { findModelOfDraft } from "./find-model";
import { readForeign } from "./import-file";
import { countingAt, ownFileToRead, readRowsFile } from "./read-evaluation-file";
import { type ReadingOutcome, type StillReading, isStillReading, readPatiently } from "./read-patiently";

/** What the form of a draft's page does: answers in words, or leads to where a long reading stands. */
export async function judgePredictions(
  actor: Actor,
  input: z.infer<typeof judgePredictionsInput>,
): Promise<{ message: string } | { redirectTo: string }> {
  const done = await countWithPredictions(actor, input);
  return isStillReading(done)
    ? { redirectTo: `/sell/readings/${done.readingId}` }
    : { message: done.message };
}

/**
 * Counts the rows of an unsigned evaluation of a draft again, with the chosen predictions as slices of their own, marked
 * as discovered. What was counted never changes, so a new evaluation takes the old one's place. Throws `not_found` for
 * a stranger, `evaluation_signed` once its maker has signed, and `other_files` where the rows were re-run with a file
 * that is not the draft's any more.
 */
export async function countWithPredictions(
  actor: Actor,
  { importId, predictions }: z.infer<typeof judgePredictionsInput>,
): Promise<ReadingOutcome | StillReading<ReadingOutcome>> {
  const found = await db.draftImport.findFirst({
    where: { id: importId, draft: { ownerId: actor.accountId, closedAt: null } },
  });
  if (!found?.evaluationId) throw notFoundError("evaluation");
  const report = readImportReport(found.report);
  const chosen = chosenOf(report.offers, predictions);
  const evaluationId = found.evaluationId;
  const { summary, binding } = await inTransaction(async (tx) => lockUnsigned(tx, evaluationId));
  const model = await findModelOfDraft(actor, found.draftId);
  refuseUnless(
    binding.kind !== "reran_here" || ("sha256" in model && model.sha256 === binding.file),
    "other_files",
    "The answers were re-run with a file that is no longer the one here. Remove this and add the file of rows anew.",
  );
  return readPatiently(actor, found.fileName, async (onProgress) => {
    const counted = await countAgain(
      actor,
      { ...found, report, contract: "reason" in model ? null : model.contract },
      countingAt(summary.level, chosen),
      onProgress,
    );
    await replaceEvaluation(actor, { ...found, evaluationId, report: { ...report, chosen } }, counted);
    const slices = chosen.length === 1 ? "1 prediction is" : `${chosen.length} predictions are`;
    const message =
      chosen.length === 0 ? "Counted without slices over predictions." : `Counted again: ${slices} judged.`;
    return { message, location: `/sell/${found.draftId}#evaluation` };
  });
}

async function lockUnsigned(tx: Tx, evaluationId: string): Promise<EvaluationRecord> {
  const row = await lockEvaluation(tx, evaluationId);
  refuseUnless(row.envelopeSha256 === null, "evaluation_signed", "What is signed cannot be counted again.");
  return row;
}

async function replaceEvaluation(
  actor: Actor,
  { draftId, evaluationId, report }: { draftId: string; evaluationId: string; report: ImportReport },
  counted: CountedRows,
): Promise<void> {
  await inTransaction(async (tx) => {
    await lockOwnDraft(tx, actor, draftId);
    const { id, ...row } = await lockUnsigned(tx, evaluationId);
    const again = { ...broughtAgain(row), marks: await findMarks(tx, id) };
    await deleteEvaluation(tx, id);
    const counting = await insertEvaluation(tx, { ...again, ...counted });
    await tx.draftImport.updateMany({
      where: { evaluationId: id },
      data: { evaluationId: counting, report },
    });
    await measureDraftAnew(tx, actor, draftId);
  });
}

/** Everything of a row but what was counted. */
function broughtAgain(row: Omit<EvaluationRecord, "id">) {
  const { draftId, dataSetName, rowsFileId, rowsUse, evaluatorId, finishedAt, createdAt } = row;
  const { observedFrom, observedTo, startedAt, role, relation, binding } = row;
  const about = { draftId, dataSetName, rowsFileId, rowsUse, evaluatorId, role, relation, binding };
  return { ...about, finishedAt, createdAt, observedFrom, observedTo, startedAt, runtime: null };
}

type KeptFile = { format: string; fileName: string; storedFileId: string; report: ImportReport } & Pick<
  RowsAsked,
  "contract"
>;

async function countAgain(
  actor: Actor,
  { format, fileName, storedFileId, report, contract }: KeptFile,
  counting: Counting,
  onProgress: Progress,
): Promise<CountedRows> {
  if (format === "evaluation-file") {
    const file = await ownFileToRead(actor, storedFileId, MAX_FOREIGN_BYTES);
    const readAs = pick(report, ["outputColumns", "thresholds", "found"]);
    // Which rows are one row twice follows from what the model reads.
    const asked = { ...counting, fileName, contract, ...readAs };
    return (await readRowsFile(actor, file, asked, onProgress)).counted;
  }
  const asked = { ...counting, fileName, publicKey: "", dataSetName: "" };
  const { counted } = await readForeign(actor, storedFileId, asked, fileName);
  if (!counted) throw new Error(`The rows of the kept import ${fileName} can no longer be counted.`);
  return counted;
}
