import "server-only";
import { readArtifact } from "@/lib/catalogue/commands/store-version";
import { filesOfVersions } from "@/lib/catalogue/queries/version-files";
import { versionsById } from "@/lib/catalogue/queries/listings";
import { type EvaluationSubject, subjectOfVersion } from "@/lib/evidence/evaluation-to-sign";
import type { EvaluationRecord } from "@/lib/evidence/records/evaluations";
import type { Tx } from "@/lib/platform/db";
import { checkDraft } from "../draft-check";
import { draftFacts } from "./draft-facts";
import { digestOfFiles } from "./runnable-model";

type Placed = Pick<EvaluationRecord, "versionId" | "draftId" | "listingId">;

/**
 * What an evaluation's statement would be about: the version it was published with, or the files of its draft as they
 * are now. A draft without files has nothing yet that could be told apart later; it is signed once it is published.
 */
export async function evaluationSubject(tx: Tx, row: Placed): Promise<EvaluationSubject> {
  const subjectOf = await evaluationSubjects(tx, [row]);
  return subjectOf(row);
}

/** The same for each of these evaluations. The statements grow with the number of drafts, not of evaluations. */
export async function evaluationSubjects(
  tx: Tx,
  rows: readonly Placed[],
): Promise<(row: Placed) => EvaluationSubject> {
  const versions = await versionsById(
    rows.flatMap(({ versionId }) => versionId ?? []),
    tx,
  );
  const digests = await fileDigestsOf(tx, [...versions.keys()]);
  const drafts = new Map<string | null, EvaluationSubject>();
  for (const { draftId, versionId } of rows)
    if (versionId === null && !drafts.has(draftId))
      drafts.set(draftId, await draftSubject(tx, draftId ?? ""));
  return ({ versionId, draftId, listingId }) => {
    const version = versionId === null ? undefined : versions.get(versionId);
    const subject = version
      ? {
          state: "ready" as const,
          ...subjectOfVersion(version, listingId ?? ""),
          modelDigest: version.modelDigest,
          fileDigests: digests.get(version.id) ?? new Set(),
        }
      : drafts.get(draftId);
    if (!subject) throw new Error("An evaluation belongs to a version or a draft.");
    return subject;
  };
}

async function draftSubject(tx: Tx, draftId: string): Promise<EvaluationSubject> {
  const draft = await tx.listingDraft.findUniqueOrThrow({ where: { id: draftId } });
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
  const facts = await readArtifact(tx, draft.ownerId, {
    artifact: { kind: "files", files },
    run: null,
  });
  const { modelDigest } = facts;
  const fileDigests = new Set(digestsOf(facts.files));
  return { state: "ready", ...subjectOfVersion(facts, ""), modelDigest, fileDigests };
}

/** The digests of the files of each version, by its id. One query for any number. */
async function fileDigestsOf(tx: Tx, versionIds: readonly string[]): Promise<Map<string, Set<string>>> {
  const files = await filesOfVersions(tx, versionIds);
  return new Map(
    versionIds.map((id) => [id, new Set(digestsOf(files.filter(({ versionId }) => versionId === id)))]),
  );
}

/** Each file by itself, and the weights together. */
function digestsOf(files: readonly { path: string; sha256: string; part: string }[]): string[] {
  const weights = files.filter(({ part }) => part === "weights");
  return [...files.map(({ sha256 }) => sha256), digestOfFiles(weights)];
}
