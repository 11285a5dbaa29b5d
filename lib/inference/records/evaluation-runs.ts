import "server-only";
import { currentTime } from "@/lib/platform/clock";
import { type Tx, db } from "@/lib/platform/db";
import { notFoundError } from "@/lib/shared/domain-error";
import type { EvaluationRun, Prisma } from "@/prisma/generated/client";
import { type RunPhaseName, isEnded, mayFollow } from "../evaluation-run";

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

/** A run as it stands. Throws `not_found`. The caller has authorised already. */
export async function getRun(runId: string, tx: Tx | typeof db = db): Promise<EvaluationRun> {
  const run = await tx.evaluationRun.findUnique({ where: { id: runId } });
  if (!run) throw notFoundError("run");
  return run;
}
