import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { requireVerified } from "@/lib/accounts/queries/accounts";
import { getListing, listBeneficiaries } from "@/lib/catalogue/queries/listings";
import { recordAskedRun } from "@/lib/evidence/commands/record-run";
import type { RowsOrigin } from "@/lib/inference/evaluation-run";
import { learn, lockRun } from "@/lib/inference/records/evaluation-runs";
import { inTransaction } from "@/lib/platform/db";
import { notFoundError, refuseUnless } from "@/lib/shared/domain-error";
import { runtimeSchema } from "@/lib/statements/kinds/binding";
import type { RunResult } from "../run-result";

/**
 * Whoever asked for a run publishes what came out: the platform signs it as measured here, and the listing is judged anew.
 * It may be of a version that the listing serves no more. Published again it stays published. Throws `not_found` for
 * everybody else, `run_not_done`, and `not_independent` for who sells or shares in it by now.
 */
export async function publishRun(
  actor: Actor,
  { runId }: { runId: string },
): Promise<{ redirectTo: string }> {
  await requireVerified(actor);
  const evaluationId = await inTransaction(async (tx) => {
    const run = await lockRun(tx, runId);
    if (run.askedById !== actor.accountId) throw notFoundError("run");
    if (run.evaluationId !== null) return run.evaluationId;
    refuseUnless(
      run.phase === "done",
      "run_not_done",
      "This run is not counted, so there is nothing to publish.",
    );
    const listing = await getListing(run.listingId, tx);
    refuseUnless(
      !(await listBeneficiaries(listing, tx)).includes(actor.accountId),
      "not_independent",
      "You now sell this listing or share in one of its seller’s, so this run is not an independent one.",
    );
    const { summary, rowsDigest, classes, notRun, millisecondsPer1000 } = run.result as unknown as RunResult;
    const machine = runtimeSchema.parse(run.machine);
    const { name, version, isolation } = machine;
    const id = await recordAskedRun(tx, {
      ...{ listingId: run.listingId, versionId: run.versionId, modelDigest: run.modelDigest },
      dataSet: { name: run.dataSetName, use: "attestation", observedFrom: null, observedTo: null },
      ...{ summary, rowsDigest, rowsSalt: run.salt, marks: run.marks && Buffer.from(run.marks) },
      ...(classes.length > 0 ? { classes } : {}),
      runtime: { name, version, isolation, msPer1000: millisecondsPer1000 },
      asked: {
        attempt: run.attemptSha256 ?? "",
        runContract: { sha256: run.contractSha256 },
        answers: { sha256: run.answersSha256 ?? "" },
        rowsFrom: run.rowsFrom as RowsOrigin,
        ...(run.rowsLicence === null ? {} : { licence: run.rowsLicence }),
        notRun,
        leftOut: run.leftOut.length,
        machine,
      },
      startedAt: run.startedAt ?? run.askedAt,
      finishedAt: run.endedAt ?? run.askedAt,
    });
    await learn(tx, runId, { evaluationId: id });
    return id;
  });
  return { redirectTo: `/evaluations/${evaluationId}` };
}
