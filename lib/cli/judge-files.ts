import { type ManifestFile, modelManifest } from "@/lib/catalogue/model-manifest";
import { readManifest as readPlainManifest } from "@/lib/verification/file-comparison";
import { Cursor } from "@/lib/shared/cursor";
import { MODEL_SIGNING_PREDICATE } from "@/lib/formats/model-signing";
import { readSignedManifest } from "@/lib/statements/signed-manifest";
import type { Statement } from "@/lib/statements/statement";
import { hexDigest } from "@/lib/statements/verify-envelope";
import { type Row, cannotCheck, failedRow, verified } from "./row";

/** What files are held against: a list with names, or the digests that a statement is about. */
export type FileExpectation =
  | { kind: "list"; files: ManifestFile[]; ignored: string[] }
  | { kind: "digests"; modelDigests: string[] }
  | { kind: "unsupported"; text: string };

const MAX_NAMED = 10;

/** Holds a whole folder against what was signed: every file, no other file, every byte. */
export function judgeFolder(held: readonly ManifestFile[], expected: FileExpectation): Row {
  if (expected.kind === "unsupported")
    return cannotCheck("files", "unsupported_manifest", expected.text, "unsupported");
  if (expected.kind === "digests") return judgeDigest(held, expected.modelDigests);
  const isIgnored = (path: string) =>
    expected.ignored.some((ignored) => path === ignored || path.startsWith(`${ignored}/`));
  const present = new Map(held.map(({ path, sha256 }) => [path, sha256]));
  const listed = new Set(expected.files.map(({ path }) => path));
  const faults = [
    ...expected.files
      .filter(({ path, sha256 }) => present.has(path) && present.get(path) !== sha256)
      .map(({ path }) => `${path} differs`),
    ...expected.files.filter(({ path }) => !present.has(path)).map(({ path }) => `${path} is missing`),
    ...held
      .filter(({ path }) => !listed.has(path) && !isIgnored(path))
      .map(({ path }) => `${path} was not signed`),
  ];
  if (faults.length === 0)
    return verified("files", `${filesText(expected.files.length)} as listed, and no other`);
  const more = faults.length > MAX_NAMED ? `, and ${faults.length - MAX_NAMED} more` : "";
  return failedRow("files", "files_differ", `${faults.slice(0, MAX_NAMED).join(", ")}${more}`);
}

/** Holds single files against a list: each must be in it by its bytes; the others stay unchecked. */
export function judgeSomeFiles(held: readonly ManifestFile[], expected: FileExpectation): Row {
  if (expected.kind !== "list") return judgeFolder(held, expected);
  const digests = new Set(expected.files.map(({ sha256 }) => sha256));
  const strange = held.find(({ sha256 }) => !digests.has(sha256));
  if (strange)
    return failedRow("files", "files_differ", `${strange.path} is not among the files that were signed`);
  const rest = expected.files.length - new Set(held.map(({ sha256 }) => sha256)).size;
  const unchecked = rest > 0 ? `; ${filesText(rest)} of the model not checked` : "";
  return verified("files", `${held.map(({ path }) => path).join(", ")} as listed${unchecked}`);
}

function judgeDigest(held: readonly ManifestFile[], modelDigests: readonly string[]): Row {
  const modelDigest = hexDigest(modelManifest(held));
  return modelDigests.includes(modelDigest)
    ? verified("files", `${filesText(held.length)}, together ${modelDigest}, which the statement is about`)
    : failedRow(
        "files",
        "files_differ",
        `these ${filesText(held.length)} are ${modelDigest}; the statement is about others`,
      );
}

function filesText(count: number): string {
  return count === 1 ? "1 file" : `${count} files`;
}

/** What a statement says about files: OpenSSF Model Signing lists them, all others name their digest. */
export function expectationOf(statement: Statement): FileExpectation {
  if (statement.predicateType !== MODEL_SIGNING_PREDICATE)
    return { kind: "digests", modelDigests: statement.subject.map(({ digest }) => digest.sha256) };
  const manifest = readSignedManifest(Cursor.over(statement.predicate));
  if ("problem" in manifest) return { kind: "unsupported", text: manifest.problem };
  if (
    manifest.files.some(
      ({ algorithm, path, digest }) => algorithm !== "sha256" || path === "" || digest.length !== 64,
    )
  )
    return { kind: "unsupported", text: "Its files were not hashed with SHA-256." };
  const { serialization } = statement.predicate as {
    serialization?: { method?: unknown; ignore_paths?: unknown };
  };
  if (!manifest.roots.includes(statement.subject[0]?.digest.sha256 ?? ""))
    return { kind: "unsupported", text: "Its root digest does not follow from its list of files." };
  if (serialization?.method !== "files")
    return { kind: "unsupported", text: "Its files were hashed in shards." };
  const ignored: unknown[] = Array.isArray(serialization.ignore_paths) ? serialization.ignore_paths : [];
  return {
    kind: "list",
    files: manifest.files.map(({ path, digest }) => ({ path, sha256: digest })),
    ignored: ignored.filter((one) => typeof one === "string"),
  };
}

/** The list in a manifest's text; null unless it is one in its one canonical form. */
export function readModelManifest(text: string): ManifestFile[] | null {
  const files = readPlainManifest(text);
  try {
    return files && modelManifest(files) === text ? files : null;
  } catch {
    return null;
  }
}
