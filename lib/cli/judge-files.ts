import { type ManifestFile, modelManifest } from "@/lib/catalogue/model-manifest";
import { MODEL_SIGNING_PREDICATE } from "@/lib/formats/model-signing";
import { signedManifestOf } from "@/lib/statements/kinds/model-signing";
import { type Hashing, SINGLE_FILE, isLeftOut } from "@/lib/statements/signed-manifest";
import type { Statement } from "@/lib/statements/statement";
import { hexDigest } from "@/lib/statements/verify-envelope";
import { type Row, cannotCheck, failedRow, verified } from "./row";

/** A file by its digest, made as the list that it is held against says. */
export type DigestedFile = { path: string; digest: string };

/** What files are held against: a list with names, or the digests that a statement is about. */
export type FileExpectation =
  | { kind: "list"; files: DigestedFile[]; algorithm: Hashing["algorithm"]; ignored: string[] }
  | { kind: "digests"; modelDigests: string[] }
  | { kind: "unsupported"; text: string };

type ListedFiles = Extract<FileExpectation, { kind: "list" }>;

const MAX_NAMED = 10;

/** The files of a manifest, as they are held against a folder. */
export function listOf(files: readonly ManifestFile[]): ListedFiles {
  const listed = files.map(({ path, sha256 }) => ({ path, digest: sha256 }));
  return { kind: "list", files: listed, algorithm: "sha256", ignored: [] };
}

/**
 * Holds a whole folder against a list: every file, no other file, every byte. What the signer, or the reading of the
 * folder, left out is named, because nobody stands by it.
 */
export function judgeFolder(
  held: readonly DigestedFile[],
  expected: ListedFiles,
  leftOut: readonly string[],
): Row {
  const listed = new Map(namedIn(held, expected).map(({ path, digest }) => [path, digest]));
  const present = new Map(held.map(({ path, digest }) => [path, digest]));
  const others = held.filter(({ path }) => !listed.has(path));
  const faults = [
    ...[...listed]
      .filter(([path, digest]) => present.has(path) && present.get(path) !== digest)
      .map(([path]) => `${path} differs`),
    ...[...listed.keys()].filter((path) => !present.has(path)).map((path) => `${path} is missing`),
    ...others.filter(({ path }) => !isLeftOut(expected, path)).map(({ path }) => `${path} was not signed`),
  ];
  if (faults.length > 0) return failedRow("files", "files_differ", named(faults));
  const uncovered = [...others.map(({ path }) => path), ...leftOut];
  const rest = uncovered.length === 0 ? ", and no other" : `; covered by nobody: ${named(uncovered)}`;
  return verified("files", `${filesText(listed.size)} as listed${rest}`);
}

/** Holds single files against a list: each must be in it by its bytes; the others stay unchecked. */
export function judgeSomeFiles(held: readonly DigestedFile[], expected: ListedFiles): Row {
  const digests = new Set(expected.files.map(({ digest }) => digest));
  const others = held.filter(({ digest }) => !digests.has(digest));
  const strange = others.find(({ path }) => !isLeftOut(expected, path));
  if (strange)
    return failedRow("files", "files_differ", `${strange.path} is not among the files that were signed`);
  const uncovered = others.map(({ path }) => path);
  const same = held.filter(({ digest }) => digests.has(digest));
  if (same.length === 0)
    return cannotCheck("files", "left_out", `the signer left out ${named(uncovered)}`, "unsupported");
  const rest = expected.files.length - new Set(same.map(({ digest }) => digest)).size;
  const unchecked = rest > 0 ? `; ${filesText(rest)} of the model not checked` : "";
  const nobody = uncovered.length > 0 ? `; covered by nobody: ${named(uncovered)}` : "";
  return verified("files", `${same.map(({ path }) => path).join(", ")} as listed${unchecked}${nobody}`);
}

/** Holds files against the digests of models. */
export function judgeDigest(held: readonly ManifestFile[], modelDigests: readonly string[]): Row {
  const modelDigest = hexDigest(modelManifest(held));
  return modelDigests.includes(modelDigest)
    ? verified("files", `${filesText(held.length)}, together ${modelDigest}, which the statement is about`)
    : failedRow(
        "files",
        "files_differ",
        `these ${filesText(held.length)} are ${modelDigest}; the statement is about others`,
      );
}

/** The listed files; a model that is a single file has no name in its list, and is what bears its digest. */
function namedIn(held: readonly DigestedFile[], { files }: ListedFiles): readonly DigestedFile[] {
  const [single] = files;
  if (files.length !== 1 || single?.path !== SINGLE_FILE) return files;
  const same = held.find(({ digest }) => digest === single.digest);
  return same ? [same] : [{ ...single, path: "the signed file" }];
}

function named(texts: readonly string[]): string {
  const more = texts.length > MAX_NAMED ? `, and ${texts.length - MAX_NAMED} more` : "";
  return `${texts.slice(0, MAX_NAMED).join(", ")}${more}`;
}

function filesText(count: number): string {
  return count === 1 ? "1 file" : `${count} files`;
}

/** What a statement says about files: OpenSSF Model Signing lists them, all others name their digest. */
export function expectationOf(statement: Statement): FileExpectation {
  if (statement.predicateType !== MODEL_SIGNING_PREDICATE)
    return { kind: "digests", modelDigests: statement.subject.map(({ digest }) => digest.sha256) };
  const manifest = signedManifestOf(statement);
  if (!manifest)
    return {
      kind: "unsupported",
      text: "Its list of files cannot be used, or its root does not follow from it.",
    };
  const { files, hashing, ignored } = manifest;
  if (hashing.partBytes !== null)
    return {
      kind: "unsupported",
      text: "Its files were hashed in parts (shards), which are not held against files here.",
    };
  const listed = files.map(({ path, digest }) => ({ path, digest }));
  return { kind: "list", files: listed, algorithm: hashing.algorithm, ignored };
}
