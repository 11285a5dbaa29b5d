import canonicalize from "canonicalize";
import { DomainError, refuseUnless } from "@/lib/shared/domain-error";

/** One file of a model version: its path inside the version and the lowercase hex SHA-256 of its bytes. */
export type ManifestFile = { path: string; sha256: string };

const maxFiles = 10_000;
const maxPathLength = 500;

/**
 * The manifest that fixes a model version: RFC 8785 text naming every file and its SHA-256, in the byte order of
 * the names' UTF-8. Its own SHA-256 is the version's `modelDigest`, so that `sha256sum` of the published text
 * gives it again.
 *
 * OpenSSF Model Signing's own root digest leaves names out, so a renamed file keeps it: it is not used as identity.
 * Throws DomainError `no_files`, `too_many_files`, `path_repeated`, `digest_malformed` or what `pathFault` names.
 */
export function modelManifest(files: readonly ManifestFile[]): string {
  refuseUnless(files.length > 0, "no_files", "A version has at least one file.");
  refuseUnless(files.length <= maxFiles, "too_many_files", `A version has at most ${maxFiles} files.`);
  const names = new Set<string>();
  for (const { path, sha256 } of files) {
    const fault = pathFault(path);
    if (fault) throw new DomainError(fault, `“${path.slice(0, 100)}” is not a usable file name.`);
    refuseUnless(!names.has(path), "path_repeated", `Two files are named “${path}”.`);
    refuseUnless(/^[0-9a-f]{64}$/.test(sha256), "digest_malformed", `“${path}” has no SHA-256.`);
    names.add(path);
  }
  const resources = files
    .map(({ path, sha256 }) => ({ algorithm: "sha256", digest: sha256, name: path }))
    .sort((a, b) => compareUtf8(a.name, b.name));
  const text = canonicalize({ hash_type: "sha256", method: "files", resources });
  if (text === undefined) throw new Error("A manifest always has a canonical form.");
  return text;
}

export type PathFault = "path_empty" | "path_too_long" | "path_absolute" | "path_parent" | "path_not_plain";

/** Why a path may not name a file of a version: it could leave its folder, or reads differently elsewhere. */
export function pathFault(path: string): PathFault | null {
  if (path === "") return "path_empty";
  if (path.length > maxPathLength) return "path_too_long";
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path)) return "path_absolute";
  if (/[\\\p{Cc}\p{Surrogate}]/u.test(path)) return "path_not_plain";
  const segments = path.split("/");
  if (segments.includes("..")) return "path_parent";
  return segments.some((segment) => segment === "" || segment === ".") ? "path_not_plain" : null;
}

export function isSafePath(path: string): boolean {
  return pathFault(path) === null;
}

/** By code point, which is the order of the UTF-8 bytes and not JavaScript's. */
export function compareUtf8(a: string, b: string): number {
  const left = new TextEncoder().encode(a);
  const right = new TextEncoder().encode(b);
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
