import "server-only";
import { createHash } from "node:crypto";
import { addTimelineEvent } from "@/lib/catalogue/commands/add-timeline-event";
import { lockListing } from "@/lib/catalogue/records";
import type { Tx } from "@/lib/platform/db";
import { refuseUnless } from "@/lib/shared/domain-error";
import { canonicalRows } from "../canonical-rows";
import { summariseEvaluation } from "../evaluation";
import { measuredText } from "../measured-text";
import { evaluationStatement } from "../evaluation-statement";
import { signAsPlatform } from "../platform-key";
import { type RuntimeRecord, insertEvaluation } from "../records";
import type { EvaluationRow, SliceDefinition } from "../slice";
import { statementBytes } from "../statement";
import { recordEnvelope } from "./record-envelope";
import { refreshStanding } from "./refresh-standing";

export type MeasuredRun = {
  listingId: string;
  /** The digest of the files that were run: must be the listed version's. */
  modelDigest: string;
  dataSet: { name: string; observedFrom: Date | null; observedTo: Date | null };
  rows: readonly EvaluationRow[];
  /** Every slice examined, also those without rows. */
  slices: readonly SliceDefinition[];
  runtime: RuntimeRecord;
  startedAt: Date;
  finishedAt: Date;
};

/**
 * Records a run that the platform made of the listed files on rows that the seller did not hold: recounts everything
 * from the rows, signs it with the platform's key, and renews the listing's standing and timeline, in the caller's
 * transaction. Throws `other_files` when the listing serves files of another digest.
 */
export async function recordPlatformEvaluation(tx: Tx, run: MeasuredRun): Promise<{ evaluationId: string }> {
  const listing = await lockListing(tx, run.listingId);
  const version = await tx.modelVersion.findUniqueOrThrow({ where: { id: listing.versionId } });
  refuseUnless(
    version.modelDigest === run.modelDigest,
    "other_files",
    "The files that were run are not the ones listed.",
  );
  refuseUnless(listing.declaredLevel, "no_level", "A listing without a niche declares no level to measure at.");
  const summary = summariseEvaluation(run.rows, run.slices, Number(listing.declaredLevel));
  const rowsDigest = createHash("sha256").update(canonicalRows(run.rows, run.slices)).digest("hex");
  const { runtime, startedAt, finishedAt, dataSet } = run;
  const statement = evaluationStatement({
    modelDigest: run.modelDigest,
    modelName: listing.title,
    evaluator: { role: "platform", account: "platform" },
    grade: "platform_measured",
    dataSet: { ...dataSet, rowsSha256: rowsDigest, use: "attestation" },
    summary,
    runtime: { ...runtime, millisecondsPerThousand: runtime.msPer1000 },
    startedAt,
    finishedAt,
  });
  const envelope = await recordEnvelope(tx, await signAsPlatform(statementBytes(statement), tx));
  const evaluationId = await insertEvaluation(tx, {
    listingId: run.listingId,
    versionId: version.id,
    modelDigest: run.modelDigest,
    dataSetName: dataSet.name,
    rowsDigest,
    rowsUse: "attestation",
    grade: "platform_measured",
    evaluatorId: null,
    summary,
    runtime,
    observedFrom: dataSet.observedFrom,
    observedTo: dataSet.observedTo,
    startedAt,
    finishedAt,
    envelopeSha256: envelope.sha256,
  });
  await addTimelineEvent(tx, run.listingId, {
    kind: "evaluated",
    fromDate: finishedAt,
    text: `Measured here on ${measuredText(dataSet.name, summary)}`,
    originator: "platform",
    isAdverse: !summary.hasNiche,
    subjectId: evaluationId,
  });
  await refreshStanding(tx, run.listingId);
  return { evaluationId };
}
