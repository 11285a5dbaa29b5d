import "server-only";
import type { z } from "zod";
import type { Actor } from "@/lib/accounts/actor";
import { lockOwnDraft } from "./edit-draft";
import { remeasureDraft, writeMeasuredLimitations } from "./fill-draft";
import { limitationSchema } from "@/lib/catalogue/limitation";
import { currentTime } from "@/lib/platform/clock";
import { type Tx, inTransaction } from "@/lib/platform/db";
import { pick } from "@/lib/shared/pick";
import { notFoundError, refuseUnless } from "@/lib/shared/domain-error";
import { EVALUATION_FILE_LIMITS } from "@/lib/measurement/evaluation-table";
import { type ImportFormat, importReportSchema } from "@/lib/formats/import-report";
import { draftLimitations } from "@/lib/measurement/limitation-draft";
import { deleteEvaluation } from "@/lib/evidence/commands/draft-evaluations";
import { listEvaluationsOfDraft } from "@/lib/evidence/queries/draft-evaluations";
import { insertEvaluation, lockEvaluation } from "@/lib/evidence/records/evaluations";
import type { addEvaluationInput } from "../schemas";
import type { CountedRows } from "@/lib/formats/read-rows";
import type { Progress } from "@/lib/platform/reading";
import { type Bound, bindRows } from "./bind-rows";
import { findModelOfDraft } from "./find-model";
import { countingAt, ownFileToRead, readRowsFile } from "./read-evaluation-file";
import type { ReadingOutcome } from "./read-patiently";
import { requireRoomForImport } from "./room-for-import";

export type AddedEvaluation = ReadingOutcome & { evaluationId: string; notices: string[] };

/**
 * Adds an evaluation file that the seller has uploaded to a draft of their own: every figure is counted here anew,
 * limitations are drafted from what fails, and the grade is `seller_signed` once its maker signs it. Until then nobody
 * else sees it. How it was read stays with the draft. Throws `not_found` for a stranger's draft or file and
 * `evaluation_file_refused`.
 */
export async function addEvaluationToDraft(
  actor: Actor,
  input: z.infer<typeof addEvaluationInput>,
  onProgress?: Progress,
): Promise<AddedEvaluation> {
  const { draftId, storedFileId, fileName, dataSetName, declaredLevel } = input;
  const readAs = pick(input, ["outputColumns", "thresholds", "found"]);
  const file = await ownFileToRead(actor, storedFileId, EVALUATION_FILE_LIMITS.bytes);
  const asked = { ...countingAt(Number(declaredLevel)), fileName, ...readAs };
  const model = await findModelOfDraft(actor, draftId);
  const contract = "reason" in model ? null : model.contract;
  const found = await readRowsFile(actor, file, { ...asked, contract }, onProgress);
  const { counted, notices, notUsed, report: rows } = found;
  const bound = await bindRows(actor, found, model, onProgress);
  const report = importReportSchema.parse({ notices, notUsed, ...readAs, ...rows });
  const evaluationId = await inTransaction(async (tx) => {
    await lockOwnDraft(tx, actor, draftId);
    await requireRoomForImport(tx, draftId);
    const now = await currentTime(tx);
    const about = { draftId, storedFileId, dataSetName, finishedAt: now };
    const evaluationId = await insertDraftEvaluation(tx, actor, { ...counted, ...bound }, about);
    await tx.draftImport.create({
      data: {
        draftId,
        storedFileId,
        fileName,
        format: "evaluation-file" satisfies ImportFormat,
        report,
        evaluationId,
        createdAt: now,
      },
    });
    return evaluationId;
  });
  const message = ["Counted. Check the figures and sign them.", wordsOf(bound), ...notices].join(" ");
  return { evaluationId, notices, message, location: `/sell/${draftId}#evaluation` };
}

/** What came of tying rows to files, in a sentence for who brought them. */
function wordsOf({ binding }: Bound): string {
  if (binding.kind === "reran_here")
    return `The answers to all ${binding.rows.toLocaleString("en")} rows came out the same here.`;
  return binding.kind === "answers_only" ? `They stay your word: ${binding.reason}` : "";
}

/** Writes an evaluation of a draft of the actor's own, with the limitations that its failing slices show. */
export async function insertDraftEvaluation(
  tx: Tx,
  actor: Actor,
  counted: CountedRows & Bound,
  about: { draftId: string; storedFileId: string; dataSetName: string; finishedAt: Date },
): Promise<string> {
  const { draftId, storedFileId, dataSetName, finishedAt } = about;
  await lockOwnDraft(tx, actor, draftId);
  const measured = draftLimitations(counted.summary).map((draft) => limitationSchema.parse(draft));
  if (measured.length > 0) await writeMeasuredLimitations(tx, actor, draftId, measured);
  return insertEvaluation(tx, {
    ...counted,
    draftId,
    dataSetName,
    rowsFileId: storedFileId,
    ...{ role: "seller", relation: "first_party" },
    evaluatorId: actor.accountId,
    runtime: null,
    finishedAt,
    createdAt: await currentTime(tx),
  });
}

/** Takes an unsigned evaluation of the actor's own away again; what is signed stays. */
export async function removeEvaluation(
  actor: Actor,
  { evaluationId }: { evaluationId: string },
): Promise<{ message: string }> {
  await inTransaction(async (tx) => {
    const row = await lockEvaluation(tx, evaluationId);
    if (row.evaluatorId !== actor.accountId) throw notFoundError("evaluation");
    refuseUnless(row.envelopeSha256 === null, "evaluation_signed", "What is signed cannot be taken back.");
    await deleteEvaluation(tx, evaluationId);
    await tx.draftImport.deleteMany({ where: { evaluationId, format: "evaluation-file" } });
    await tx.draftImport.updateMany({ where: { evaluationId }, data: { evaluationId: null } });
    if (row.draftId !== null && row.listingId === null) await measureDraftAnew(tx, actor, row.draftId);
  });
  return { message: "The evaluation is gone." };
}

/** What was drafted from an evaluation goes with it, unless another one of the draft shows it too. */
export async function measureDraftAnew(tx: Tx, actor: Actor, draftId: string): Promise<void> {
  const rows = await listEvaluationsOfDraft(tx, draftId);
  const drafts = rows.flatMap(({ summary }) => draftLimitations(summary));
  await remeasureDraft(
    tx,
    actor,
    draftId,
    drafts.map((draft) => limitationSchema.parse(draft)),
  );
}
