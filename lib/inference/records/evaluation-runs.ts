import "server-only";
import { currentTime } from "@/lib/platform/clock";
import { type Tx, db } from "@/lib/platform/db";
import { notFoundError } from "@/lib/shared/domain-error";
import { enqueueWork } from "@/lib/platform/queue";
import { type EvaluationRun, Prisma } from "@/prisma/generated/client";
import { type RowsOrigin, type RunPhaseName, isEnded, mayFollow } from "../evaluation-run";

/** Locks a run until the transaction ends. Throws `not_found`. */
export async function lockRun(tx: Tx, runId: string): Promise<EvaluationRun> {
  await tx.$queryRaw`SELECT 1 FROM "EvaluationRun" WHERE id = ${runId} FOR UPDATE`;
  const run = await tx.evaluationRun.findUnique({ where: { id: runId } });
  if (!run) throw notFoundError("run");
  return run;
}

type Known = Omit<Prisma.EvaluationRunUncheckedUpdateInput, "phase" | "endedAt" | "id">;

/** Lets a locked run go on to a phase, with what is known by then and a line for its log. */
export async function goOn(
  tx: Tx,
  { id, phase }: Pick<EvaluationRun, "id" | "phase">,
  to: RunPhaseName,
  note: string,
  known: Known = {},
): Promise<void> {
  if (!mayFollow(phase, to)) throw new Error(`A run does not go from ${phase} to ${to}.`);
  const at = await currentTime(tx);
  await tx.evaluationRun.update({
    where: { id },
    data: { ...known, phase: to, ...(isEnded(to) ? { endedAt: at } : {}) },
  });
  await noteOf(tx, id, note, at);
}

/** Adds a line to a run's log. */
export async function noteOf(tx: Tx, runId: string, text: string, at: Date): Promise<void> {
  await tx.runNote.create({ data: { runId, text: text.slice(0, 500), at } });
}

/** The last line of a run's log; empty before the first. */
export async function lastNote(tx: Tx, runId: string): Promise<string> {
  const note = await tx.runNote.findFirst({ where: { runId }, orderBy: { id: "desc" } });
  return note?.text ?? "";
}

/** A run as it stands. Throws `not_found`. The caller has authorised already. */
export async function getRun(runId: string, tx: Tx | typeof db = db): Promise<EvaluationRun> {
  const run = await tx.evaluationRun.findUnique({ where: { id: runId } });
  if (!run) throw notFoundError("run");
  return run;
}

export type NewRun = Pick<
  Prisma.EvaluationRunUncheckedCreateInput,
  | ("askedById" | "rowsLicence" | "listingId" | "versionId" | "modelDigest" | "contractSha256")
  | ("dataSetName" | "rowsFileId" | "rowsFileName" | "rowsFileSha256" | "salt")
> & { rowsFrom: RowsOrigin; readAs: object };

/** Writes a run that somebody asked for, and asks the queue to begin it, in the caller's transaction. */
export async function insertRun(tx: Tx, { readAs, ...run }: NewRun): Promise<string> {
  const askedAt = await currentTime(tx);
  const { id } = await tx.evaluationRun.create({
    data: { ...run, readAs: readAs as Prisma.InputJsonObject, askedAt },
    select: { id: true },
  });
  await noteOf(tx, id, "Asked for.", askedAt);
  await enqueueWork(tx, "evaluation-runs", id);
  return id;
}

/** Runs of an account that have not ended, and those it asked for since a moment. */
export async function countRunsOf(
  tx: Tx,
  askedById: string,
  since: Date,
): Promise<{ inHand: number; asked: number }> {
  const inHand = await tx.evaluationRun.count({ where: { askedById, endedAt: null } });
  const asked = await tx.evaluationRun.count({ where: { askedById, askedAt: { gte: since } } });
  return { inHand, asked };
}

/** The runs that an account asked for, the newest first. */
export async function listRunsOf(askedById: string, limit: number): Promise<EvaluationRun[]> {
  return db.evaluationRun.findMany({ where: { askedById }, orderBy: { askedAt: "desc" }, take: limit });
}

/** The last lines of a run's log, the newest first, and when its last rows were answered. */
export async function findProgress(
  runId: string,
  lines: number,
): Promise<{ notes: { at: Date; text: string }[]; pieces: { firstRow: number; at: Date }[] }> {
  const notes = await db.runNote.findMany({
    where: { runId },
    orderBy: { id: "desc" },
    take: lines,
    select: { at: true, text: true },
  });
  const pieces = await db.runAnswers.findMany({
    where: { runId },
    orderBy: { firstRow: "desc" },
    take: 5,
    select: { firstRow: true, at: true },
  });
  return { notes, pieces };
}

/** Changes what is known of a locked run without moving it on. */
export async function learn(tx: Tx, runId: string, known: Known): Promise<void> {
  await tx.evaluationRun.update({ where: { id: runId }, data: known });
}

/** SQL: no run is of the rows in this stored file. */
export function isOfNoRun(storedFileId: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`NOT EXISTS (SELECT 1 FROM "EvaluationRun" WHERE "rowsFileId" = ${storedFileId})`;
}
