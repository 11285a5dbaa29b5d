import "server-only";
import { addTimelineEvent } from "@/lib/catalogue/commands/add-timeline-event";
import { getVersion } from "@/lib/catalogue/queries/listings";
import { lockListing } from "@/lib/catalogue/records";
import type { Tx } from "@/lib/platform/db";
import { refuseUnless } from "@/lib/shared/domain-error";
import { digestRows } from "@/lib/measurement/canonical-rows";
import { type EvaluationSummary, summariseEvaluation } from "@/lib/measurement/evaluation";
import type { ClusterSource } from "@/lib/measurement/clusters";
import { evaluationStatement } from "@/lib/statements/evaluation-statement";
import { measuredText } from "@/lib/measurement/measured-text";
import type { Binding } from "@/lib/statements/kinds/binding";
import { type StatedSubject, subjectOfVersion } from "../evaluation-to-sign";
import { relationOf } from "../independence";
import { findModelTies } from "../queries/model-ties";
import { signAsPlatform } from "./platform-key";
import { type RuntimeRecord, insertEvaluation, statedRuntime } from "../records/evaluations";
import type { EvaluationRow, SliceDefinition } from "@/lib/measurement/slice";
import type { EvaluationPredicate } from "@/lib/statements/kinds/evaluation";
import { statementBytes } from "@/lib/statements/statement";
import { recordEnvelope } from "./record-envelope";
import { refreshStanding } from "./refresh-standing";

export type MeasuredRun = {
  listingId: string;
  /** The digest of the files that were run: must be the listed version's; null of an endpoint that was asked. */
  modelDigest: string | null;
  dataSet: {
    name: string;
    use: "attestation" | "discovery";
    observedFrom: Date | null;
    observedTo: Date | null;
  };
  rows: readonly EvaluationRow[];
  /** Every slice examined, also those without rows. */
  slices: readonly SliceDefinition[];
  /** What shows that rows share a cluster, where they do. */
  clustersFrom?: readonly ClusterSource[];
  /** The answers the model can give, where they are known. */
  classes?: readonly string[];
  /** Null when nobody kept what ran it. */
  runtime: RuntimeRecord | null;
  /** A mark of each input that was run: see `lib/inference/input-marks.ts`; null where they are not at hand. */
  marks: Buffer<ArrayBuffer> | null;
  /** The program that made the predictions, by its digest. */
  harness?: { name: string; version: string; sha256: string };
  startedAt: Date;
  finishedAt: Date;
};

/** Who made the run and how they sign: returns the envelope's text for a statement's bytes. */
export type RunSigner = {
  role: "platform" | "seller" | "third_party";
  /** Null for the platform. */
  accountId: string | null;
  sign: (payload: Uint8Array) => Promise<string>;
};

const originatorOf = { platform: "platform", seller: "seller", third_party: "evaluator" } as const;

/** The level figures are judged at when a listing, having no niche, declares none. */
const LEVEL_WITHOUT_NICHE = 0.8;

/**
 * Records a run that the platform made of the listed files on rows that the seller did not hold: recounts everything
 * from the rows, signs it with the platform's key, and renews the listing's standing and timeline, in the caller's
 * transaction. Throws `other_files` when the listing serves files of another digest.
 */
export async function recordPlatformEvaluation(tx: Tx, run: MeasuredRun): Promise<string> {
  return recordRun(tx, run, {
    role: "platform",
    accountId: null,
    sign: (payload) => signAsPlatform(payload, tx),
  });
}

/** The same for a run made here for `signer`; returns the evaluation's id. The caller has checked who may speak as whom. */
export async function recordRun(tx: Tx, run: MeasuredRun, signer: RunSigner): Promise<string> {
  const listing = await lockListing(tx, run.listingId);
  const version = await getVersion(listing.versionId, tx);
  refuseUnless(
    version.modelDigest === run.modelDigest,
    "other_files",
    "The files that were run are not the ones listed.",
  );
  const level = listing.declaredLevel === null ? LEVEL_WITHOUT_NICHE : Number(listing.declaredLevel);
  const rowsDigest = digestRows(run.rows, run.slices);
  const known = run.clustersFrom ? { clustersFrom: run.clustersFrom } : {};
  const summary = summariseEvaluation(run.rows, run.slices, level, { seed: rowsDigest, ...known });
  const bound = boundOf(version, listing);
  return recordCounted(tx, { ...run, ...bound, versionId: version.id, summary, rowsDigest }, signer);
}

/** What was run: its files, or the endpoint that was asked by its contract. */
function boundOf(
  version: Awaited<ReturnType<typeof getVersion>>,
  listing: { id: string; title: string },
): Bound {
  const subject = { ...subjectOfVersion(version, listing.id), name: listing.title };
  const { runContractSha256: contract } = version;
  if (version.kind === "files")
    return { subject, binding: { kind: "ran_here", ...(contract !== null && { contract }) } };
  refuseUnless(
    version.runContractSha256 !== null && version.kind === "endpoint",
    "other_files",
    "There is nothing here that could be run.",
  );
  return { subject, binding: { kind: "asked_here", contract: version.runContractSha256 } };
}

type Bound = { subject: StatedSubject; binding: Binding };

/** A run whose rows are counted already. */
export type CountedRun = Omit<MeasuredRun, "rows" | "slices" | "clustersFrom"> & {
  /** The version whose files were run. */
  versionId: string;
  summary: EvaluationSummary;
  rowsDigest: string;
  rowsSalt?: string;
  /** Of a run that somebody asked for. */
  asked?: NonNullable<EvaluationPredicate["run"]>;
};

/** The same of a run that somebody asked for, which may be of a version that its listing serves no more. */
export async function recordAskedRun(
  tx: Tx,
  run: CountedRun & { modelDigest: string; asked: NonNullable<CountedRun["asked"]> },
): Promise<string> {
  const { title: name } = await lockListing(tx, run.listingId);
  const subject = { about: "files" as const, sha256: run.modelDigest, name };
  return recordCounted(
    tx,
    { ...run, subject, binding: { kind: "ran_here", contract: run.asked.runContract.sha256 } },
    {
      role: "platform",
      accountId: null,
      sign: (payload) => signAsPlatform(payload, tx),
    },
  );
}

async function recordCounted(tx: Tx, run: CountedRun & Bound, signer: RunSigner): Promise<string> {
  const listing = await lockListing(tx, run.listingId);
  const { dataSet, runtime, startedAt, finishedAt, modelDigest, summary, rowsDigest, rowsSalt } = run;
  const { subject, binding } = run;
  const { observedFrom, observedTo } = dataSet;
  const { role, accountId } = signer;
  const ties = await findModelTies(tx, listing, accountId === null ? [] : [accountId]);
  const relation = relationOf(role, accountId, ties);
  const statement = evaluationStatement({
    subject,
    evaluator: { role, account: accountId ?? "platform", relation },
    binding,
    dataSet: { ...dataSet, rowsSha256: rowsDigest },
    summary,
    runtime: statedRuntime(runtime),
    ...(run.classes ? { classes: run.classes } : {}),
    ...(run.harness ? { harness: run.harness } : {}),
    ...(run.asked ? { run: run.asked } : {}),
    startedAt,
    finishedAt,
  });
  const envelope = await recordEnvelope(tx, await signer.sign(statementBytes(statement)));
  const evaluationId = await insertEvaluation(tx, {
    listingId: run.listingId,
    versionId: run.versionId,
    modelDigest,
    dataSetName: dataSet.name,
    rowsDigest,
    ...(rowsSalt === undefined ? {} : { rowsSalt }),
    rowsUse: dataSet.use,
    ...{ role, relation, binding, marks: run.marks },
    evaluatorId: accountId,
    summary,
    runtime,
    observedFrom,
    observedTo,
    startedAt,
    finishedAt,
    envelopeSha256: envelope.sha256,
  });
  const verb = {
    platform: "Measured here",
    seller: "Measured by the seller",
    third_party: relation === "third_party" ? "Measured independently" : "Measured by an evaluator",
  };
  await addTimelineEvent(tx, run.listingId, {
    kind: "evaluated",
    fromDate: finishedAt,
    text: `${verb[signer.role]} on ${measuredText(dataSet.name, summary)}`,
    originator: originatorOf[signer.role],
    isAdverse: !summary.hasNiche,
    subjectId: evaluationId,
  });
  await refreshStanding(tx, run.listingId);
  return evaluationId;
}
