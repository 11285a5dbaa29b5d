import "server-only";
import { answerRun } from "@/lib/inference/commands/answer-run";
import { type OpenModel, statedMachine } from "@/lib/inference/commands/open-model";
import { MAX_BEGINNINGS, isEnded } from "@/lib/inference/evaluation-run";
import { getRun, goOn, lastNote, learn, lockRun, noteOf } from "@/lib/inference/records/evaluation-runs";
import { contractDigest } from "@/lib/inference/run-contract";
import { currentTime } from "@/lib/platform/clock";
import { inTransaction } from "@/lib/platform/db";
import { DomainError, refuseUnless } from "@/lib/shared/domain-error";
import type { EvaluationRun, Prisma } from "@/prisma/generated/client";
import { countRun } from "./count-run";
import { endLocked, endRun } from "./end-run";
import { findModelOfVersion } from "./find-model";
import { isCancelled, prepareRun } from "./prepare-run";
import type { Runnable } from "./runnable-model";

/** Refusals that another beginning may not meet. */
const PASSING: ReadonlySet<string> = new Set([
  "reading_busy",
  "reading_gave_up",
  "model_run_failed",
  "other_machine",
]);

/**
 * Does what is left to do of a run: reads its rows, states in the log that it begins, answers them where their answers end,
 * and counts. It may be killed at any moment and done again, also by another process. What no beginning can mend ends the
 * run with the reason; what may pass is thrown, to be begun again, and ends it when it was so five times without a row.
 */
export async function workOnRun(runId: string): Promise<void> {
  const begun = await beginRun(runId);
  if (!begun) return;
  try {
    const model = await findModel(begun);
    const inputs = await prepareRun(begun, model);
    const run = await getRun(runId);
    if (run.phase !== "counting" && (await isCancelled(runId))) {
      const why = run.rowsDone > 0 ? await stoppedAt(runId) : "Cancelled before its first row.";
      return await endRun(runId, "cancelled", why);
    }
    if (run.phase === "running") {
      const answered = await answerRun(runId, model, inputs, async (open) => noteMachine(run, model, open));
      if (answered === "cancelled") return await endRun(runId, "cancelled", await stoppedAt(runId));
      await inTransaction(async (tx) => {
        const locked = await lockRun(tx, runId);
        if (locked.phase === "running") await goOn(tx, locked, "counting", "Every row is answered.");
      });
    }
    await countRun(runId, model);
  } catch (error) {
    if (error instanceof DomainError && error.code === "run_elsewhere") return;
    if (error instanceof DomainError && !PASSING.has(error.code))
      return endRun(runId, "failed", error.message);
    await inTransaction(async (tx) =>
      noteOf(tx, runId, `Broke off: ${wordsOf(error)}`, await currentTime(tx)),
    );
    throw error;
  }
}

/** Takes a run in hand; null where nothing is left to do of it. */
async function beginRun(runId: string): Promise<EvaluationRun | null> {
  return inTransaction(async (tx) => {
    const run = await lockRun(tx, runId);
    if (isEnded(run.phase)) return null;
    if (run.begun >= MAX_BEGINNINGS) {
      const last = await lastNote(tx, runId);
      const why = `It was begun ${MAX_BEGINNINGS} times without getting on. ${last}`;
      await endLocked(tx, run, "failed", why);
      return null;
    }
    await learn(tx, runId, { begun: run.begun + 1 });
    if (run.phase === "queued") await goOn(tx, run, "preparing", "Begun: the rows are read.");
    else
      await noteOf(
        tx,
        runId,
        `Taken up again after ${run.rowsDone.toLocaleString("en")} rows.`,
        await currentTime(tx),
      );
    return lockRun(tx, runId);
  });
}

async function findModel(run: EvaluationRun): Promise<Runnable> {
  const model = await findModelOfVersion(run.versionId);
  if ("reason" in model) throw new DomainError("not_runnable", model.reason);
  refuseUnless(
    contractDigest(model.contract) === run.contractSha256,
    "not_runnable",
    "How the files are run here is not what it was when the run was asked for. Ask anew.",
  );
  return model;
}

async function noteMachine(run: EvaluationRun, model: Runnable, open: OpenModel): Promise<void> {
  const machine = statedMachine(model.contract, open);
  await inTransaction(async (tx) => {
    const locked = await lockRun(tx, run.id);
    if (locked.phase !== "running") return;
    const known = locked.machine === null ? machine : (locked.machine as typeof machine);
    refuseUnless(
      locked.rowsDone === 0 || JSON.stringify(sorted(known)) === JSON.stringify(sorted(machine)),
      "other_machine",
      "It was begun on another machine than the one that would go on, so its answers would not be of one run.",
    );
    await learn(tx, run.id, { machine: machine as Prisma.InputJsonObject });
  });
}

const sorted = (facts: object) => Object.entries(facts).sort(([one], [other]) => (one < other ? -1 : 1));

async function stoppedAt(runId: string): Promise<string> {
  const { rowsDone, rowsTotal } = await getRun(runId);
  return `Cancelled after ${rowsDone.toLocaleString("en")} of ${(rowsTotal ?? 0).toLocaleString("en")} rows.`;
}

function wordsOf(error: unknown): string {
  return error instanceof DomainError ? error.message : "something unexpected happened";
}
