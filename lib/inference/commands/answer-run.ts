import "server-only";
import { currentTime } from "@/lib/platform/clock";
import { db, inTransaction } from "@/lib/platform/db";
import { DomainError } from "@/lib/shared/domain-error";
import type { Prisma } from "@/prisma/generated/client";
import { type KeptAnswer, keptAnswer, nextChunk } from "../evaluation-run";
import type { RunInput } from "../model-input";
import { lockRun } from "../records/evaluation-runs";
import { answeredBy } from "../row-answer";
import { type Bundle, type OpenModel, openModel } from "./open-model";

/** By the clock, for one piece. */
const PIECE_SECONDS = 600;

/** What ended the answering: every row has its answer, or somebody wants no more of them. */
export type Answered = "all" | "cancelled";

/**
 * Answers the rows of a running run from where its answers end, piece by piece, each kept in one transaction: whoever is
 * killed in between leaves whole pieces, and two that work on the same run keep each row once. Throws `run_elsewhere` when
 * another one got on with it meanwhile, and what `openModel` and its `answer` throw.
 */
export async function answerRun(
  runId: string,
  bundle: Bundle,
  inputs: readonly RunInput[],
  onOpen: (model: OpenModel) => Promise<void>,
): Promise<Answered> {
  const model = await openModel(bundle);
  try {
    await onOpen(model);
    const { rowsPerCall } = bundle.contract;
    let last: { rows: number; seconds: number } | null = null;
    for (;;) {
      const run = await db.evaluationRun.findUniqueOrThrow({ where: { id: runId } });
      if (run.cancelRequestedAt !== null) return "cancelled";
      if (run.rowsDone === inputs.length) return "all";
      const rows = inputs.slice(run.rowsDone, run.rowsDone + nextChunk(rowsPerCall, last));
      const begun = performance.now();
      const { answers, computeMilliseconds } = await model.answer(rows, PIECE_SECONDS);
      last = { rows: rows.length, seconds: (performance.now() - begun) / 1000 };
      const kept = answers.map((answer) => keptAnswer(answeredBy(answer, bundle.contract), answer.refused));
      await keepPiece(runId, run.rowsDone, kept, computeMilliseconds);
    }
  } finally {
    model.close();
  }
}

async function keepPiece(
  runId: string,
  firstRow: number,
  answers: readonly KeptAnswer[],
  computeMilliseconds: number,
): Promise<void> {
  await inTransaction(async (tx) => {
    const run = await lockRun(tx, runId);
    if (run.phase !== "running" || run.rowsDone !== firstRow)
      throw new DomainError("run_elsewhere", "Another process goes on with this run.");
    await tx.runAnswers.create({
      data: {
        runId,
        firstRow,
        answers: answers as unknown as Prisma.InputJsonArray,
        computeMilliseconds,
        at: await currentTime(tx),
      },
    });
    await tx.evaluationRun.update({
      where: { id: runId },
      data: { rowsDone: firstRow + answers.length, begun: 0 },
    });
  });
}

/** Every answer of a run so far, in the order of its rows, and the milliseconds they took. */
export async function answersOfRun(
  runId: string,
): Promise<{ answers: KeptAnswer[]; computeMilliseconds: number }> {
  const pieces = await db.runAnswers.findMany({ where: { runId }, orderBy: { firstRow: "asc" } });
  return {
    answers: pieces.flatMap(({ answers }) => answers as unknown as KeptAnswer[]),
    computeMilliseconds: pieces.reduce((sum, { computeMilliseconds: one }) => sum + one, 0),
  };
}
