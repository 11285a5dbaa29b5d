import "server-only";
import { createHash } from "node:crypto";
import type { Tx } from "@/lib/platform/db";
import { notFoundError } from "@/lib/shared/domain-error";
import { Prisma } from "@/prisma/generated/client";
import type { ListingTerms } from "../listing";
import { modelManifest } from "../model-manifest";

type Artifact = ListingTerms["artifact"];

export type VersionFacts = {
  kind: Artifact["kind"];
  manifest: string | null;
  modelDigest: string | null;
  endpointUrl: string | null;
  run: ListingTerms["run"];
  files: { storedFileId: string; part: string; path: string; sha256: string; sizeBytes: bigint }[];
};

/** What fixes a version: its files and their digest, its endpoint, or nothing. The files must be the seller's own. */
export async function readArtifact(
  tx: Tx,
  sellerId: string,
  { artifact, run }: Pick<ListingTerms, "artifact" | "run">,
): Promise<VersionFacts> {
  const none = { manifest: null, modelDigest: null, endpointUrl: null, files: [], run };
  if (artifact.kind === "endpoint") return { ...none, kind: "endpoint", endpointUrl: artifact.endpointUrl };
  if (artifact.kind === "card_only") return { ...none, kind: "card_only" };
  const stored = await tx.storedFile.findMany({
    where: { ownerId: sellerId, id: { in: artifact.files.map((file) => file.storedFileId) } },
  });
  const byId = new Map(stored.map((file) => [file.id, file]));
  const files = artifact.files.map((file) => {
    const found = byId.get(file.storedFileId);
    if (!found) throw notFoundError("file");
    return { ...file, sha256: found.sha256, sizeBytes: found.sizeBytes };
  });
  const manifest = modelManifest(files);
  return { ...none, kind: "files", manifest, modelDigest: sha256Hex(manifest), files };
}

/** Makes version `number` of a model. Nothing of it can be changed afterwards: the database refuses. */
export async function storeVersion(
  tx: Tx,
  modelId: string,
  number: number,
  facts: VersionFacts,
  card: string,
  now: Date,
): Promise<string> {
  const { files, run, ...version } = facts;
  const { id } = await tx.modelVersion.create({
    data: {
      ...{ modelId, number, card, createdAt: now, ...version },
      runContract: run?.contract ?? Prisma.DbNull,
      runContractSha256: run?.sha256 ?? null,
    },
    select: { id: true },
  });
  if (files.length > 0) {
    await tx.versionFile.createMany({
      data: files.map(({ part, ...file }) => ({
        versionId: id,
        part: part as ListingTerms["parts"][number]["part"],
        ...file,
      })),
    });
  }
  return id;
}

function sha256Hex(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
