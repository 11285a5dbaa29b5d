import type { ManifestFile } from "@/lib/catalogue/model-manifest";
import { type HeldFile, compareFiles, readManifest } from "./file-comparison";
import { type Check, cannotCheck, failed, notChecked, verified } from "./check";
import { subjectDigestsOf } from "@/lib/statements/kinds";
import { modelSigningKind, signedManifestOf } from "@/lib/statements/kinds/model-signing";
import type { Statement } from "@/lib/statements/statement";
import { hexDigest } from "@/lib/statements/verify-envelope";
import type { Site } from "./site";

/** Lists of files by the digest of the model they fix: handed in, or fetched and held against their digest. */
export type Manifests = Map<string, readonly ManifestFile[]>;

/** Fourth row: whether the files in hand are those that the statement is about. */
export async function checkHeldFiles(
  statement: Statement | null,
  held: readonly HeldFile[],
  manifests: Manifests,
  site: Site,
): Promise<Check> {
  if (held.length === 0) return notChecked("drop the model’s files too, or run a command");
  if (!statement) return notChecked("nothing that is signed says which files are meant");
  if (statement.predicateType === modelSigningKind.predicateType) {
    const own = signedList(statement);
    return typeof own === "string" ? cannotCheck(own) : compareFiles(own, held);
  }
  const digests = [
    ...(subjectDigestsOf(statement) ?? []),
    ...statement.subject.map(({ digest }) => digest.sha256),
  ];
  for (const digest of new Set(digests)) {
    const manifest = manifests.get(digest) ?? (await fetchManifest(site, digest));
    if (manifest === "forged")
      return failed("the list of files that this site gives is not the one that was signed");
    if (manifest) return compareFiles(manifest, held);
    const named = held.find(({ sha256 }) => sha256 === digest);
    if (named) return verified(`${named.path} is the very file that the statement names`);
  }
  return cannotCheck("no list of files is known for what this claim names; drop the list too");
}

/** The manifest of a model from this site, checked against its digest; null where there is none. */
export async function fetchManifest(
  site: Site,
  modelDigest: string,
): Promise<readonly ManifestFile[] | "forged" | null> {
  const { text } = await site.readText(`/api/v1/manifests/${modelDigest}`);
  if (text === null) return null;
  return hexDigest(text) === modelDigest ? readManifest(text) : "forged";
}

/** Whole files with their SHA-256, as the statement lists them itself; else why they cannot be compared. */
function signedList(statement: Statement): ManifestFile[] | string {
  const manifest = signedManifestOf(statement);
  if (!manifest) return "its root digest does not follow from its list of files";
  const { serialization } = statement.predicate as { serialization: { method: string } };
  if (serialization.method !== "files") return "its files were hashed in shards";
  if (manifest.files.some(({ algorithm }) => algorithm !== "sha256"))
    return "its files were not hashed with SHA-256";
  return manifest.files.map(({ path, digest }) => ({ path, sha256: digest }));
}
