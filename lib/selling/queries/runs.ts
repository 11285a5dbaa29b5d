import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { findOpenListing, listingsById } from "@/lib/catalogue/queries/listings";
import { type EnvelopeCell, envelopeCellSchema } from "@/lib/catalogue/standing";
import { isEnded, mayBeCancelled, percentDone } from "@/lib/inference/evaluation-run";
import { findProgress, getRun, listRunsOf } from "@/lib/inference/records/evaluation-runs";
import { classesOf } from "@/lib/inference/run-contract";
import { inputColumns } from "@/lib/measurement/row-inputs";
import { DomainError } from "@/lib/shared/domain-error";
import type { EvaluationRun } from "@/prisma/generated/client";
import { findModelOfVersion } from "../commands/find-model";
import type { RunResult } from "../run-result";

const NOTES_SHOWN = 12;
const RUNS_SHOWN = 50;

/** How far a run is, as its page asks again and again. */
export type RunProgress = {
  phase: EvaluationRun["phase"];
  rowsDone: number;
  rowsTotal: number | null;
  percent: number;
  /** Rows of the last pieces, by the second; null while nothing is known. */
  rowsPerSecond: number | null;
  isStopping: boolean;
  mayBeCancelled: boolean;
  isEnded: boolean;
  /** The newest first; times in ISO 8601. */
  notes: { at: string; text: string }[];
};

/** What comes of a run, for who asked for it. */
export type RunView = Pick<
  EvaluationRun,
  "id" | "dataSetName" | "rowsFileName" | "failure" | "evaluationId" | "attemptSha256"
> & {
  listing: { slug: string; title: string } | null;
  progress: RunProgress;
  leftOut: number;
  result: RunResult | null;
};

/** A run that the actor asked for; null for everybody else. */
export async function findOwnRun(actor: Actor, runId: string): Promise<RunView | null> {
  const run = await findAsked(actor, runId);
  if (!run) return null;
  const listing = (await listingsById([run.listingId])).get(run.listingId);
  return {
    id: run.id,
    ...{ dataSetName: run.dataSetName, rowsFileName: run.rowsFileName, failure: run.failure },
    ...{ evaluationId: run.evaluationId, attemptSha256: run.attemptSha256 },
    listing: listing ? { slug: listing.slug, title: listing.title } : null,
    progress: await progressOf(run),
    leftOut: run.leftOut.length,
    result: run.result as unknown as RunResult | null,
  };
}

/** How far such a run is; null for everybody else. */
export async function findRunProgress(actor: Actor, runId: string): Promise<RunProgress | null> {
  const run = await findAsked(actor, runId);
  return run && progressOf(run);
}

export type RunRow = Pick<EvaluationRun, "id" | "dataSetName" | "phase" | "askedAt" | "evaluationId"> & {
  listingTitle: string;
  percent: number;
};

/** The last 50 runs that the actor asked for, the newest first. */
export async function listOwnRuns(actor: Actor): Promise<RunRow[]> {
  const runs = await listRunsOf(actor.accountId, RUNS_SHOWN);
  const listings = await listingsById(runs.map(({ listingId }) => listingId));
  return runs.map(({ id, dataSetName, phase, askedAt, evaluationId, listingId, ...rows }) => ({
    ...{ id, dataSetName, phase, askedAt, evaluationId },
    listingTitle: listings.get(listingId)?.title ?? "A listing that is gone",
    percent: percentDone(rows),
  }));
}

export type ListingToMeasure = {
  title: string;
  isLinked: boolean;
  /** What rows have to hold; or why nothing is run, in a sentence. */
  runnable: { columns: string[]; classes: readonly string[]; isMedia: boolean } | { reason: string };
  slices: (Pick<EnvelopeCell, "slice" | "name"> & { columns: string[] })[];
};

/** An open listing for somebody who would have it measured; null for every other listing. */
export async function findListingToMeasure(actor: Actor, slug: string): Promise<ListingToMeasure | null> {
  const listing = await findOpenListing(slug);
  if (!listing) return null;
  const model = await findModelOfVersion(listing.versionId);
  const cells = envelopeCellSchema.array().catch([]).parse(listing.envelope);
  return {
    title: listing.title,
    isLinked: listing.beneficiaryIds.includes(actor.accountId),
    runnable:
      "reason" in model
        ? model
        : {
            columns: inputColumns(model.contract.input),
            classes: classesOf(model.contract),
            isMedia: ["image", "audio"].includes(model.contract.input.kind),
          },
    slices: cells.map(({ slice, name, condition }) => ({
      ...{ slice, name },
      columns: condition.all.flatMap((test) => (test.on === "answer" ? [] : test.column)),
    })),
  };
}

async function findAsked(actor: Actor, runId: string): Promise<EvaluationRun | null> {
  const run = await getRun(runId).catch((error: unknown) => {
    if (error instanceof DomainError && error.code === "not_found") return null;
    throw error;
  });
  return run?.askedById === actor.accountId ? run : null;
}

async function progressOf(run: EvaluationRun): Promise<RunProgress> {
  const { phase, rowsDone, rowsTotal } = run;
  const { notes, pieces } = await findProgress(run.id, NOTES_SHOWN);
  const [newest, oldest] = [pieces[0], pieces.at(-1)];
  const seconds = newest && oldest ? (newest.at.getTime() - oldest.at.getTime()) / 1000 : 0;
  const rows = newest && oldest ? newest.firstRow - oldest.firstRow : 0;
  return {
    ...{ phase, rowsDone, rowsTotal },
    percent: percentDone(run),
    rowsPerSecond: phase === "running" && seconds > 0 ? Math.round(rows / seconds) : null,
    isStopping: run.cancelRequestedAt !== null && !isEnded(phase),
    mayBeCancelled: mayBeCancelled(phase) && run.cancelRequestedAt === null,
    isEnded: isEnded(phase),
    notes: notes.map(({ at, text }) => ({ at: at.toISOString(), text })),
  };
}
