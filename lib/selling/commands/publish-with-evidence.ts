import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { type Publication, type PublishedDraft, publishDraft } from "./publish-draft";
import { withdrawFigures } from "@/lib/catalogue/commands/measure-limitations";
import { refuseWithoutNiche } from "../draft-check";
import type { Tx } from "@/lib/platform/db";
import { redrawVerdicts } from "@/lib/measurement/evaluation";
import { listSignedEvaluations, recordOf } from "@/lib/evidence/records";
import { refreshStanding } from "@/lib/evidence/commands/refresh-standing";
import { NO_SESSION, publishSigned } from "@/lib/evidence/commands/sign-evaluation";
import { stateClaims } from "@/lib/evidence/commands/state-claims";

/**
 * Publishes a draft together with its evaluations and their standing, all or nothing, and records every claim of the
 * listing as a statement that the seller agreed to in this session. A niche that the evaluations deny is refused
 * (`no_niche`).
 */
export async function publishWithEvidence(actor: Actor, input: { draftId: string }): Promise<PublishedDraft> {
  return publishDraft(actor, input, async (tx, publication) => {
    await carryEvaluations(tx, publication);
    const session = actor.sessionId ?? NO_SESSION;
    await stateClaims(tx, publication.listingId, { method: "session", session });
  });
}

async function carryEvaluations(tx: Tx, publication: Publication): Promise<void> {
  const { draftId, listingId, versionId, fields } = publication;
  const version = await tx.modelVersion.findUniqueOrThrow({ where: { id: versionId } });
  const { modelDigest } = version;
  const rows = (await tx.evaluation.findMany({ where: { draftId, listingId: null, withdrawal: null } })).map(
    recordOf,
  );
  // Signed for other files, an evaluation says nothing about these.
  const fitting = rows.filter((row) => row.envelopeSha256 === null || row.modelDigest === modelDigest);
  const level = Number(fields.declaredLevel);
  refuseWithoutNiche(
    fields.scope,
    fields.scope === "niche" ? fitting.map(({ summary }) => redrawVerdicts(summary, level).hasNiche) : [],
  );
  for (const { id, envelopeSha256 } of fitting) {
    await tx.evaluation.update({
      where: { id },
      data: { listingId, versionId, ...(envelopeSha256 === null ? { modelDigest } : {}) },
    });
  }
  // What is not signed yet is seen by nobody else, nor are the figures drafted from it; signing shows both.
  const signed = fitting.filter(({ envelopeSha256 }) => envelopeSha256 !== null);
  const isShown = (await listSignedEvaluations(tx, listingId, version)).length > 0;
  if (!isShown) await withdrawFigures(tx, listingId);
  for (const row of signed) await publishSigned(tx, row, listingId);
  await refreshStanding(tx, listingId);
}
