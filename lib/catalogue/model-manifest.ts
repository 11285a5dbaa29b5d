import canonicalize from "canonicalize";
import { refuseUnless } from "@/lib/shared/domain-error";

export type ManifestFile = { path: string; sha256: string };

/**
 * The manifest that fixes a model version: RFC 8785 text naming every file and its SHA-256, in the byte order of
 * the names' UTF-8. Its own SHA-256 is the version's `modelDigest`, so that `sha256sum` of the published text
 * gives it again.
 *
 * Throws `path_invalid` for absolute paths, "..", empty or repeated names, and backslashes or control characters.
 */
export function modelManifest(files: readonly ManifestFile[]): string {
  const names = new Set<string>();
  for (const { path, sha256 } of files) {
    refuseUnless(isSafePath(path), "path_invalid", `“${path}” is not a usable file name.`);
    refuseUnless(!names.has(path), "path_invalid", `Two files are named “${path}”.`);
    refuseUnless(/^[0-9a-f]{64}$/.test(sha256), "path_invalid", `“${path}” has no SHA-256.`);
    names.add(path);
  }
  const resources = files
    .map(({ path, sha256 }) => ({ algorithm: "sha256", digest: sha256, name: path }))
    .sort((a, b) => compareUtf8(a.name, b.name));
  const text = canonicalize({ hash_type: "sha256", method: "files", resources });
  if (text === undefined) throw new Error("A manifest always has a canonical form.");
  return text;
}

export function isSafePath(path: string): boolean {
  if (path.length === 0 || path.length > 500 || path.includes("\\") || /\p{Cc}|\p{Surrogate}/u.test(path))
    return false;
  return path.split("/").every((segment) => segment !== "" && segment !== "." && segment !== "..");
}

/** By code point, which is the order of the UTF-8 bytes and not JavaScript's. */
function compareUtf8(a: string, b: string): number {
  const left = new TextEncoder().encode(a);
  const right = new TextEncoder().encode(b);
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
