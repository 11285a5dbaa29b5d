import type { ManifestFile } from "@/lib/catalogue/model-manifest";
import { type HeldFile, compareFiles, readManifest } from "./file-comparison";
import type { FilesFinding, NoList, UnusableList } from "./judgement";
import { subjectDigestsOf } from "@/lib/statements/kinds";
import { modelSigningKind, signedManifestOf } from "@/lib/statements/kinds/model-signing";
import { type Hashing, SINGLE_FILE, isLeftOut } from "@/lib/statements/signed-manifest";
import type { Statement } from "@/lib/statements/statement";
import { hexDigest } from "@/lib/statements/verify-envelope";
import type { Site } from "./site";

/** Lists of files by the digest of the model they fix: handed in, or fetched and held against their digest. */
export type Manifests = Map<string, readonly ManifestFile[]>;

/** Whether the files in hand are those that the statement is about. */
export async function judgeHeldFiles(
  statement: Statement | null,
  held: readonly HeldFile[],
  manifests: Manifests,
  site: Site,
): Promise<FilesFinding> {
  if (held.length === 0) return { state: "not_checked", code: "no_files" };
  if (!statement) return { state: "not_checked", code: "no_statement" };
  if (statement.predicateType === modelSigningKind.predicateType) {
    const own = signedList(statement);
    if (typeof own === "string") return { state: "cannot_check", code: own };
    const digested = await digestedBy(own.algorithm, held);
    return digested ? compareSigned(own, digested) : { state: "cannot_check", code: "other_algorithm" };
  }
  const digests = [
    ...(subjectDigestsOf(statement) ?? []),
    ...statement.subject.map(({ digest }) => digest.sha256),
  ];
  for (const digest of new Set(digests)) {
    const manifest = manifests.get(digest) ?? (await fetchManifest(site, digest));
    if (manifest === "list_forged") return { state: "failed", code: manifest };
    if (typeof manifest !== "string") return compareFiles(manifest, held);
    const named = held.find(({ sha256 }) => sha256 === digest);
    if (named) return { state: "verified", isNamed: true, path: named.path };
  }
  return { state: "cannot_check", code: "no_list" };
}

/** Whether the files in hand are those of a model, by the list that its digest fixes. */
export async function judgeModelFiles(
  modelDigest: string,
  held: readonly HeldFile[],
  manifests: Manifests,
  site: Site,
): Promise<FilesFinding> {
  if (held.length === 0) return { state: "not_checked", code: "no_files" };
  const manifest = manifests.get(modelDigest) ?? (await fetchManifest(site, modelDigest));
  return typeof manifest === "string" ? withoutList(manifest) : compareFiles(manifest, held);
}

/** What is found of files without the list to hold them against. */
export function withoutList(code: NoList): FilesFinding {
  return code === "list_forged" ? { state: "failed", code } : { state: "cannot_check", code };
}

/** The manifest of a model from this site, checked against its digest first, so that no other list is slipped in. */
export async function fetchManifest(
  site: Site,
  modelDigest: string,
): Promise<readonly ManifestFile[] | NoList> {
  const { text } = await site.readText(`/api/v1/manifests/${modelDigest}`);
  if (text === null) return "list_unreachable";
  return hexDigest(text) === modelDigest ? (readManifest(text) ?? "list_unknown_form") : "list_forged";
}

type SignedList = { files: ManifestFile[]; algorithm: Hashing["algorithm"]; ignored: string[] };

/** Whole files with their digests, as the statement lists them itself; else why they cannot be compared. */
function signedList(statement: Statement): SignedList | UnusableList {
  const manifest = signedManifestOf(statement);
  if (!manifest) return "root_differs";
  const { files, hashing, ignored } = manifest;
  if (hashing.partBytes !== null) return "shards";
  const nameOf = (path: string) => (path === SINGLE_FILE ? (statement.subject[0]?.name ?? path) : path);
  const listed = files.map(({ path, digest }) => ({ path: nameOf(path), sha256: digest }));
  return { files: listed, algorithm: hashing.algorithm, ignored };
}

/** The files with digests of this algorithm in the place of their SHA-256; null where they cannot be read again. */
async function digestedBy(
  algorithm: Hashing["algorithm"],
  held: readonly HeldFile[],
): Promise<HeldFile[] | null> {
  if (algorithm === "sha256") return [...held];
  const digested: HeldFile[] = [];
  for (const file of held) {
    if (!file.digestBy) return null;
    digested.push({ ...file, sha256: await file.digestBy(algorithm) });
  }
  return digested;
}

/** What the signer left out fails nothing and is named, because nobody stands by it. */
function compareSigned(list: SignedList, held: readonly HeldFile[]): FilesFinding {
  const digests = new Set(list.files.map(({ sha256 }) => sha256));
  const uncovered = held.filter(({ path, sha256 }) => !digests.has(sha256) && isLeftOut(list, path));
  const others = held.filter((file) => !uncovered.includes(file));
  const paths = uncovered.map(({ path }) => path);
  if (others.length === 0) return { state: "cannot_check", code: "left_out", paths };
  const found = compareFiles(list.files, others);
  return found.state === "verified" && "names" in found && paths.length > 0
    ? { ...found, uncovered: paths }
    : found;
}
