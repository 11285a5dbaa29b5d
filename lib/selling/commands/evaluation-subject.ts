import "server-only";
import { draftFacts } from "./draft-facts";
import { readArtifact } from "@/lib/catalogue/commands/store-version";
import { checkDraft } from "../draft-check";
import type { Tx } from "@/lib/platform/db";
import { type EvaluationSubject, subjectOfVersion } from "@/lib/evidence/evaluation-to-sign";
import type { EvaluationRecord } from "@/lib/evidence/records/evaluations";

/**
 * What an evaluation's statement would be about: the version it was published with, or the files of its draft as they
 * are now. A draft without files has nothing yet that could be told apart later; it is signed once it is published.
 */
export async function evaluationSubject(
  tx: Tx,
  row: Pick<EvaluationRecord, "versionId" | "draftId" | "evaluatorId">,
): Promise<EvaluationSubject> {
  if (row.versionId) {
    const version = await tx.modelVersion.findUniqueOrThrow({ where: { id: row.versionId } });
    return { state: "ready", ...subjectOfVersion(version), modelDigest: version.modelDigest };
  }
  const draft = await tx.listingDraft.findUniqueOrThrow({ where: { id: row.draftId ?? "" } });
  const { artifact } = checkDraft(await draftFacts(tx, draft)).listing;
  if (artifact.kind !== "files") {
    return {
      state: "not_yet",
      reason: "Publish first: without files, what you sign for is fixed only then.",
    };
  }
  if (artifact.files.length === 0) {
    return { state: "not_yet", reason: "Add the model's files first: your signature names them." };
  }
  const files = artifact.files.map((file) => ({ ...file, part: file.part ?? ("weights" as const) }));
  const { modelDigest } = await readArtifact(tx, draft.ownerId, { kind: "files", files });
  const version = { kind: "files" as const, modelDigest, endpointUrl: null, card: draft.card };
  return { state: "ready", ...subjectOfVersion(version), modelDigest };
}
