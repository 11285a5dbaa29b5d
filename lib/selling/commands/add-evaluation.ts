import "server-only";
import type { z } from "zod";
import { type Actor, requireRole } from "@/lib/accounts/actor";
import { lockRoom } from "@/lib/accounts/commands/room";
import { limits, requireRoom } from "@/lib/accounts/limits";
import { requireVerified } from "@/lib/accounts/queries/accounts";
import { lockOwnDraft } from "./edit-draft";
import { remeasureDraft, writeMeasuredLimitations } from "./fill-draft";
import { storeFile } from "@/lib/catalogue/commands/store-file";
import { findOpenListing, getVersion } from "@/lib/catalogue/queries/listings";
import { limitationSchema } from "@/lib/catalogue/limitation";
import { currentTime } from "@/lib/platform/clock";
import { type Tx, inTransaction } from "@/lib/platform/db";
import { Readable } from "node:stream";
import { pick } from "@/lib/shared/pick";
import { notFoundError, refuseUnless } from "@/lib/shared/domain-error";
import { EVALUATION_FILE_LIMITS } from "@/lib/measurement/evaluation-table";
import { type ImportFormat, importReportSchema } from "@/lib/formats/import-report";
import { draftLimitations } from "@/lib/measurement/limitation-draft";
import { deleteEvaluation } from "@/lib/evidence/commands/draft-evaluations";
import { countEvaluationsOf, listEvaluationsOfDraft } from "@/lib/evidence/queries/draft-evaluations";
import { insertEvaluation, lockEvaluation } from "@/lib/evidence/records/evaluations";
import type { addEvaluationInput, submitEvaluationInput } from "../schemas";
import type { CountedRows } from "@/lib/formats/read-rows";
import type { Progress } from "@/lib/platform/reading";
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
  const { counted, notices, notUsed, report: rows } = await readRowsFile(actor, file, asked, onProgress);
  const report = importReportSchema.parse({ notices, notUsed, ...readAs, ...rows });
  const evaluationId = await inTransaction(async (tx) => {
    await lockOwnDraft(tx, actor, draftId);
    await requireRoomForImport(tx, draftId);
    const now = await currentTime(tx);
    const about = { draftId, storedFileId, dataSetName, finishedAt: now };
    const evaluationId = await insertDraftEvaluation(tx, actor, counted, about);
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
  const message = ["Counted. Check the figures and sign them.", ...notices].join(" ");
  return { evaluationId, notices, message, location: `/sell/${draftId}#evaluation` };
}

/** Writes an evaluation of a draft of the actor's own, with the limitations that its failing slices show. */
export async function insertDraftEvaluation(
  tx: Tx,
  actor: Actor,
  counted: CountedRows,
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
    grade: "seller_signed",
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

/**
 * An independent evaluator brings the rows of a run of their own on the files of somebody's open listing. Figures are
 * counted here; nobody else sees them until the evaluator signs. Throws `not_found` for everybody without the role and
 * for listings that are not open, `not_independent` for the seller and for who shares in the listing's proceeds.
 */
export async function submitEvaluation(
  actor: Actor,
  input: z.infer<typeof submitEvaluationInput>,
): Promise<{ redirectTo: string }> {
  requireRole(actor, "evaluator");
  await requireVerified(actor);
  const listing = await findOpenListing(input.slug);
  if (!listing) throw notFoundError("listing");
  refuseUnless(
    !listing.beneficiaryIds.includes(actor.accountId),
    "not_independent",
    "You sell this listing or share in it, so a run of yours is not an independent one.",
  );
  const bytes = new Uint8Array(await input.file.arrayBuffer());
  const level = listing.declaredLevel === null ? 0.8 : Number(listing.declaredLevel);
  const { counted } = await readRowsFile(
    actor,
    { sizeBytes: bytes.length, open: async () => Readable.from([bytes]) },
    {
      ...countingAt(level),
      fileName: input.file.name,
      ...pick(input, ["outputColumns", "thresholds", "found"]),
    },
  );
  const version = await getVersion(listing.versionId);
  const stored = await storeFile(
    actor,
    Readable.from([Buffer.from(bytes)]),
    { name: input.file.name, declaredBytes: bytes.length },
    async (tx, file) => {
      const now = await currentTime(tx);
      await lockRoom(tx, actor.accountId, "evaluations");
      const own = await countEvaluationsOf(tx, listing.id, actor.accountId);
      const most = limits.evaluationsOfListing;
      requireRoom(
        own,
        most,
        `You have brought ${most} evaluations of this listing. Remove an unsigned one first.`,
      );
      return insertEvaluation(tx, {
        ...counted,
        listingId: listing.id,
        versionId: version.id,
        modelDigest: version.modelDigest,
        dataSetName: input.dataSetName,
        rowsFileId: file.id,
        grade: "third_party",
        evaluatorId: actor.accountId,
        runtime: null,
        finishedAt: now,
        createdAt: now,
      });
    },
  );
  return { redirectTo: `/evaluations/${stored.result}` };
}
