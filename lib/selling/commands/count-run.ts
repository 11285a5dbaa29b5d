import "server-only";
import { answersOfRun } from "@/lib/inference/commands/answer-run";
import { type KeptAnswer, answersDigest } from "@/lib/inference/evaluation-run";
import { getRun, goOn, lockRun } from "@/lib/inference/records/evaluation-runs";
import { classesOf } from "@/lib/inference/run-contract";
import { inTransaction } from "@/lib/platform/db";
import type { Prisma } from "@/prisma/generated/client";
import type { RunResult } from "../run-result";
import { readRowsFile } from "./read-evaluation-file";
import { askedOf, fileOf, whenFree } from "./rows-of-run";
import type { Runnable } from "./runnable-model";

const LISTED_REASONS = 5;

/** Counts a run whose rows are all answered, once. */
export async function countRun(runId: string, model: Runnable): Promise<void> {
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
