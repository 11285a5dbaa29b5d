import "server-only";
import { setTimeout as pause } from "node:timers/promises";
import { getListing, listBeneficiaries } from "@/lib/catalogue/queries/listings";
import { recordAttempt } from "@/lib/evidence/commands/record-attempt";
import { marksOfAccounts } from "@/lib/evidence/queries/marks-of-accounts";
import { verifyLogged } from "@/lib/evidence/queries/verify-logged";
import { MAX_RUN_ROWS, type RowsOrigin, digestOfList } from "@/lib/inference/evaluation-run";
import { MARKS_PURPOSE, markInputs, placesOfMarked } from "@/lib/inference/input-marks";
import type { RunInput } from "@/lib/inference/model-input";
import { getRun, goOn, learn, lockRun, noteOf } from "@/lib/inference/records/evaluation-runs";
import { currentTime } from "@/lib/platform/clock";
import { inTransaction } from "@/lib/platform/db";
import { derivedKey } from "@/lib/platform/master-key";
import { DomainError, refuseUnless } from "@/lib/shared/domain-error";
import { saltedCommitment } from "@/lib/statements/statement";
import type { EvaluationRun } from "@/prisma/generated/client";
import { refusalOfClasses } from "./bind-rows";
import { readInputsFile, readRowsFile } from "./read-evaluation-file";
import { askedOf, fileOf, whenFree } from "./rows-of-run";
import type { Runnable } from "./runnable-model";

/** How often the log is asked whether it has the attempt, and how long a beginning waits for it. */
const LOG_ASKED_EVERY_MS = 500;
const LOG_WAIT_MS = 600_000;

/** The inputs that are run. The first time it also fixes them, and states in the log that the run begins. */
export async function prepareRun(run: EvaluationRun, model: Runnable): Promise<RunInput[]> {
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
        attempt: {
          event: "begun",
          asked: { account: run.askedById, rows: run.rowsFrom as RowsOrigin },
          runContract: { sha256: run.contractSha256 },
          dataSet: {
            name: run.dataSetName,
            rows: { sha256: saltedCommitment(run.rowsFileSha256, run.salt) },
            n: rowsTotal,
          },
          leftOut: leftOut.length,
        },
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

/** Whether whoever asked wants no more of it. */
export async function isCancelled(runId: string): Promise<boolean> {
  return (await getRun(runId)).cancelRequestedAt !== null;
}
