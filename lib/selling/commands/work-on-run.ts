import "server-only";
import { setTimeout as pause } from "node:timers/promises";
import { openStoredFile } from "@/lib/catalogue/commands/store-file";
import { storedFilesById } from "@/lib/catalogue/queries/stored-files";
import { envelopeCellSchema } from "@/lib/catalogue/standing";
import { getListing, listBeneficiaries } from "@/lib/catalogue/queries/listings";
import { recordAttempt } from "@/lib/evidence/commands/record-attempt";
import { marksOfAccounts } from "@/lib/evidence/queries/marks-of-accounts";
import { verifyLogged } from "@/lib/evidence/queries/verify-logged";
import type { RowsAsked } from "@/lib/formats/read-rows";
import { answerRun, answersOfRun } from "@/lib/inference/commands/answer-run";
import { type OpenModel, statedMachine } from "@/lib/inference/commands/open-model";
import {
  type KeptAnswer,
  MAX_BEGINNINGS,
  MAX_RUN_ROWS,
  answersDigest,
  digestOfList,
  isEnded,
} from "@/lib/inference/evaluation-run";
import { MARKS_PURPOSE, markInputs, placesOfMarked } from "@/lib/inference/input-marks";
import type { RunInput } from "@/lib/inference/model-input";
import { getRun, goOn, learn, lockRun, noteOf } from "@/lib/inference/records/evaluation-runs";
import { type RunContract, classesOf, contractDigest } from "@/lib/inference/run-contract";
import { currentTime } from "@/lib/platform/clock";
import { inTransaction } from "@/lib/platform/db";
import { derivedKey } from "@/lib/platform/master-key";
import type { FileToRead } from "@/lib/platform/reading";
import { DomainError, refuseUnless } from "@/lib/shared/domain-error";
import { saltedCommitment } from "@/lib/statements/statement";
import type { EvaluationRun, Prisma } from "@/prisma/generated/client";
import type { RunResult } from "../run-result";
import { refusalOfClasses } from "./bind-rows";
import { endLocked, endRun } from "./end-run";
import { findModelOfVersion } from "./find-model";
import { readInputsFile, readRowsFile } from "./read-evaluation-file";
import type { RunnableModel } from "./runnable-model";

type Runnable = Exclude<RunnableModel, { reason: string }>;

/** Refusals that another beginning may not meet. */
const PASSING: ReadonlySet<string> = new Set([
  "reading_busy",
  "reading_gave_up",
  "model_run_failed",
  "other_machine",
]);
/** How often the log is asked whether it has the attempt, and how long a beginning waits for it. */
const LOG_ASKED_EVERY_MS = 500;
const LOG_WAIT_MS = 600_000;
/** A reader works for an account at a time; this long a run waits for another file of its account. */
const READING_WAIT_MS = 120_000;
const LEVEL_UNTIL_DECLARED = 0.8;
const LISTED_REASONS = 5;

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
    const inputs = await prepare(begun, model);
    if (await isCancelled(runId)) return await endRun(runId, "cancelled", "Cancelled before its first row.");
    const run = await getRun(runId);
    if (run.phase === "running") {
      const answered = await answerRun(runId, model, inputs, async (open) => noteMachine(run, model, open));
      if (answered === "cancelled") return await endRun(runId, "cancelled", await stoppedAt(runId));
      await inTransaction(async (tx) => {
        const locked = await lockRun(tx, runId);
        if (locked.phase === "running") await goOn(tx, locked, "counting", "Every row is answered.");
      });
    }
    await count(runId, model);
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
      const last = await tx.runNote.findFirst({ where: { runId }, orderBy: { id: "desc" } });
      const why = `It was begun ${MAX_BEGINNINGS} times without getting on. ${last?.text ?? ""}`;
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

/** The inputs that are run. The first time it also fixes them, and states in the log that the run begins. */
async function prepare(run: EvaluationRun, model: Runnable): Promise<RunInput[]> {
  if (run.phase === "counting") return [];
  const file = await fileOf(run);
  const asked = await askedOf(run, model.contract, { leftOut: run.leftOut, answers: [] });
  const all = await whenFree(() => readInputsFile({ accountId: run.askedById }, file, asked));
  const leftOut = run.rowsTotal === null ? await heldBySeller(run, all) : run.leftOut;
  const held = new Set(leftOut);
  const inputs = all.filter((_, place) => !held.has(place));
  const inputsSha256 = digestOfList(inputs, run.salt);
  if (run.rowsTotal === null) {
    requireRows(inputs.length, leftOut.length);
    const rows = { ...asked, measured: { leftOut, answers: [] } };
    const read = await whenFree(() => readRowsFile({ accountId: run.askedById }, file, rows));
    const refusal = refusalOfClasses(read.counted.summary, model);
    if (refusal !== null) throw new DomainError("unknown_classes", refusal);
    const marks = markInputs(inputs, derivedKey(MARKS_PURPOSE));
    await stateAttempt(run.id, { leftOut, inputsSha256, marks, rowsTotal: inputs.length });
  } else if (run.inputsSha256 !== inputsSha256)
    throw new Error(`The inputs of run ${run.id} are read otherwise than when it was begun.`);
  await untilLogged(run.id);
  return inputs;
}

function requireRows(rows: number, leftOut: number): void {
  const most = MAX_RUN_ROWS.toLocaleString("en");
  refuseUnless(rows <= MAX_RUN_ROWS, "evaluation_file_refused", `At most ${most} rows are run at once.`);
  refuseUnless(
    rows > 0,
    "evaluation_file_refused",
    `The seller had all ${leftOut.toLocaleString("en")} of these rows before, so none of them says anything new.`,
  );
}

/** Places of rows whose inputs were in a file of the seller's, or of who shares in a listing of theirs. */
async function heldBySeller(run: EvaluationRun, inputs: readonly RunInput[]): Promise<number[]> {
  const listing = await getListing(run.listingId);
  const marks = await marksOfAccounts(await listBeneficiaries(listing));
  return placesOfMarked(inputs, marks, derivedKey(MARKS_PURPOSE));
}

type Fixed = Pick<EvaluationRun, "leftOut"> & {
  inputsSha256: string;
  marks: Buffer<ArrayBuffer>;
  rowsTotal: number;
};

async function stateAttempt(runId: string, { leftOut, rowsTotal, ...fixed }: Fixed): Promise<void> {
  await inTransaction(async (tx) => {
    const run = await lockRun(tx, runId);
    if (run.attemptSha256 !== null) return;
    const at = (await currentTime(tx)).toISOString();
    const attemptSha256 = await recordAttempt(
      tx,
      {
        event: "begun",
        asked: { account: run.askedById, rows: run.rowsFrom as "buyer" },
        runContract: { sha256: run.contractSha256 },
        dataSet: {
          name: run.dataSetName,
          rows: { sha256: saltedCommitment(run.rowsFileSha256, run.salt) },
          n: rowsTotal,
        },
        leftOut: leftOut.length,
        at,
      },
      run.modelDigest,
    );
    await learn(tx, runId, { ...fixed, leftOut, rowsTotal, attemptSha256 });
    await noteOf(tx, runId, "Stated in the log that it begins; waiting for the log.", new Date(at));
  });
}

/** Waits until the published log proves that the run was stated; then, and only then, it is running. */
async function untilLogged(runId: string): Promise<void> {
  const run = await getRun(runId);
  if (run.phase !== "preparing" || run.attemptSha256 === null) return;
  const until = performance.now() + LOG_WAIT_MS;
  for (;;) {
    const { state } = await verifyLogged(run.attemptSha256);
    if (state === "verified") break;
    if (state === "failed") throw new Error(`The log proves nothing of the attempt ${run.attemptSha256}.`);
    if (await isCancelled(runId)) return;
    if (performance.now() > until) throw new Error("The log has not entered that the run begins.");
    await pause(LOG_ASKED_EVERY_MS);
  }
  await inTransaction(async (tx) => {
    const locked = await lockRun(tx, runId);
    if (locked.phase !== "preparing") return;
    await goOn(tx, locked, "running", "The log has it; the first rows are run.", {
      startedAt: await currentTime(tx),
    });
  });
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

async function count(runId: string, model: Runnable): Promise<void> {
  const run = await getRun(runId);
  if (run.phase !== "counting") return;
  const { answers, computeMilliseconds } = await answersOfRun(runId);
  const { leftOut } = run;
  const asked = await askedOf(run, model.contract, { leftOut, answers });
  const file = await fileOf(run);
  const read = await whenFree(() => readRowsFile({ accountId: run.askedById }, file, asked));
  const { counted, notices } = read;
  const result: RunResult = {
    ...{ summary: counted.summary, rowsDigest: counted.rowsDigest, notices },
    classes: classesOf(model.contract),
    notRun: answers.filter(({ refused }) => refused !== undefined).length,
    reasons: reasonsOf(answers),
    millisecondsPer1000: (computeMilliseconds / answers.length) * 1000,
  };
  await inTransaction(async (tx) => {
    const locked = await lockRun(tx, runId);
    if (locked.phase !== "counting") return;
    await goOn(tx, locked, "done", "Counted.", {
      result: result as unknown as Prisma.InputJsonObject,
      answersSha256: answersDigest(answers, run.salt),
    });
  });
}

function reasonsOf(answers: readonly KeptAnswer[]): RunResult["reasons"] {
  const counts = new Map<string, number>();
  for (const { refused } of answers)
    if (refused !== undefined) counts.set(refused, (counts.get(refused) ?? 0) + 1);
  return [...counts]
    .map(([reason, rows]) => ({ reason, rows }))
    .sort((a, b) => b.rows - a.rows)
    .slice(0, LISTED_REASONS);
}

async function askedOf(
  run: EvaluationRun,
  contract: RunContract,
  measured: NonNullable<RowsAsked["measured"]>,
): Promise<RowsAsked> {
  const { declaredLevel, envelope } = await getListing(run.listingId);
  const readAs = run.readAs as unknown as Pick<RowsAsked, "outputColumns" | "thresholds" | "found">;
  return {
    ...readAs,
    fileName: run.rowsFileName,
    level: declaredLevel === null ? LEVEL_UNTIL_DECLARED : Number(declaredLevel),
    salt: run.salt,
    conditions: [],
    listed: envelopeCellSchema
      .array()
      .catch([])
      .parse(envelope)
      .map(({ condition }) => condition),
    contract,
    measured,
  };
}

async function fileOf({ rowsFileId }: EvaluationRun): Promise<FileToRead> {
  const file = (await storedFilesById([rowsFileId])).get(rowsFileId);
  if (!file) throw new DomainError("not_found", "The rows of this run are gone.");
  return { sizeBytes: Number(file.sizeBytes), open: async () => (await openStoredFile(rowsFileId)).stream };
}

/** One reader works for an account at a time: a run waits for its turn. */
async function whenFree<T>(read: () => Promise<T>): Promise<T> {
  const until = performance.now() + READING_WAIT_MS;
  for (;;) {
    try {
      return await read();
    } catch (error) {
      const isBusy = error instanceof DomainError && error.code === "reading_busy";
      if (!isBusy || performance.now() > until) throw error;
      await pause(LOG_ASKED_EVERY_MS);
    }
  }
}

async function isCancelled(runId: string): Promise<boolean> {
  return (await getRun(runId)).cancelRequestedAt !== null;
}

async function stoppedAt(runId: string): Promise<string> {
  const { rowsDone, rowsTotal } = await getRun(runId);
  return `Cancelled after ${rowsDone.toLocaleString("en")} of ${(rowsTotal ?? 0).toLocaleString("en")} rows.`;
}

function wordsOf(error: unknown): string {
  return error instanceof DomainError ? error.message : "something unexpected happened";
}
