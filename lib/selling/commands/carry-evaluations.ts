import "server-only";
import { getVersion } from "@/lib/catalogue/queries/listings";
import type { DraftFields } from "@/lib/catalogue/draft-fields";
import { attachEvaluations } from "@/lib/evidence/commands/draft-evaluations";
import { refreshStanding } from "@/lib/evidence/commands/refresh-standing";
import { publishSigned } from "@/lib/evidence/commands/sign-evaluation";
import { listEvaluationsOfDraft } from "@/lib/evidence/queries/draft-evaluations";
import { redrawVerdicts } from "@/lib/measurement/evaluation";
import type { Tx } from "@/lib/platform/db";
import { refuseWithoutNiche } from "../draft-check";
import { requireKnownClasses } from "./bind-rows";
import type { RunnableModel } from "./runnable-model";

export type Publication = {
  draftId: string;
  listingId: string;
  versionId: string;
  fields: DraftFields;
  /** The file of the draft that can be run here, as it was found before. */
  model: RunnableModel;
};

/**
 * Carries the evaluations of a draft over to the version it was published as, with their standing. Throws `no_niche`
 * for a niche that they deny, `unknown_classes` for rows that another model must have answered.
 */
export async function carryEvaluations(tx: Tx, publication: Publication): Promise<void> {
  const { draftId, listingId, versionId, fields, model } = publication;
  const version = await getVersion(versionId, tx);
  const { modelDigest } = version;
  const rows = (await listEvaluationsOfDraft(tx, draftId)).filter((row) => row.listingId === null);
  // Signed for other files, or re-run with another one, an evaluation says nothing about these.
  const fitting = rows.filter(
    ({ envelopeSha256, binding, ...row }) =>
      (envelopeSha256 === null || row.modelDigest === modelDigest) &&
      (binding.kind !== "reran_here" || ("sha256" in model && model.sha256 === binding.file)),
  );
  for (const { summary } of fitting) requireKnownClasses(summary, model);
  const level = Number(fields.declaredLevel);
  refuseWithoutNiche(
    fields.scope,
    fields.scope === "niche" ? fitting.map(({ summary }) => redrawVerdicts(summary, level).hasNiche) : [],
  );
  await attachEvaluations(tx, fitting, { listingId, versionId, modelDigest });
  // What is not signed yet is seen by nobody else, nor are the figures it holds; signing shows both.
  const signed = fitting.filter(({ envelopeSha256 }) => envelopeSha256 !== null);
  for (const row of signed) await publishSigned(tx, row, listingId);
  await refreshStanding(tx, listingId);
}
