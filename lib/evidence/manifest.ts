import { sha256 } from "@noble/hashes/sha2.js";
import { toHex } from "./dsse";
import { canonicalBytes } from "./jcs";

/** One file of a model version: its path inside the version and the lowercase hex SHA-256 of its bytes. */
export type ManifestFile = { path: string; sha256: string };

export type ManifestRefusal =
  | "no_files"
  | "too_many_files"
  | "path_empty"
  | "path_too_long"
  | "path_absolute"
  | "path_parent"
  | "path_not_plain"
  | "path_repeated"
  | "digest_malformed";

export class ManifestError extends Error {
  constructor(
    readonly code: ManifestRefusal,
    message: string,
  ) {
    super(message);
    this.name = "ManifestError";
  }
}

export type ModelManifest = { bytes: Uint8Array<ArrayBuffer>; text: string; modelDigest: string };

const MAX_FILES = 10_000;
const MAX_PATH_BYTES = 1_024;

/**
 * The identity of a model version: SHA-256 of the canonical JSON (RFC 8785) of all its files with their names,
 * sorted by the UTF-8 bytes of the path. `bytes` published as a file let `sha256sum` reproduce `modelDigest`.
 *
 * OpenSSF Model Signing's own root digest leaves names out, so a renamed file keeps it: it is not used as
 * identity. Throws ManifestError for repeated, absolute, empty, `..` or otherwise unsafe paths.
 */
export function modelManifest(files: readonly ManifestFile[]): ModelManifest {
  if (files.length === 0) throw new ManifestError("no_files", "A version has at least one file.");
  if (files.length > MAX_FILES)
    throw new ManifestError("too_many_files", `A version has at most ${MAX_FILES} files.`);
  const encoder = new TextEncoder();
  const seen = new Set<string>();
  for (const { path, sha256: digest } of files) {
    assertPath(path, encoder);
    if (seen.has(path)) throw new ManifestError("path_repeated", `Two files are named "${path}".`);
    seen.add(path);
    if (!/^[0-9a-f]{64}$/.test(digest)) {
      throw new ManifestError("digest_malformed", `The digest of "${path}" is not lowercase hex SHA-256.`);
    }
  }
  const resources = files
    .map(({ path, sha256: digest }) => ({
      name: path,
      algorithm: "sha256",
      digest,
      order: encoder.encode(path),
    }))
    .sort((a, b) => compareBytes(a.order, b.order))
    .map(({ name, algorithm, digest }) => ({ name, algorithm, digest }));
  const bytes = canonicalBytes({ method: "files", hash_type: "sha256", resources });
  return { bytes, text: new TextDecoder().decode(bytes), modelDigest: toHex(sha256(bytes)) };
}

/** Orders byte strings as `memcmp` does; for UTF-8 that is the order of code points. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let index = 0; index < shared; index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function assertPath(path: string, encoder: TextEncoder): void {
  const refuse = (code: ManifestRefusal, why: string): never => {
    throw new ManifestError(code, `The path ${JSON.stringify(path.slice(0, 100))} ${why}.`);
  };
  if (path === "") refuse("path_empty", "is empty");
  if (/\p{Surrogate}/u.test(path)) refuse("path_not_plain", "is not UTF-8 text");
  if (encoder.encode(path).length > MAX_PATH_BYTES)
    refuse("path_too_long", `is longer than ${MAX_PATH_BYTES} bytes`);
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path)) refuse("path_absolute", "is absolute");
  if (/[\\\p{Cc}]/u.test(path)) refuse("path_not_plain", "holds a backslash or a control character");
  for (const segment of path.split("/")) {
    if (segment === "..") refuse("path_parent", "leaves its folder");
    if (segment === "" || segment === ".") refuse("path_not_plain", "has an empty segment");
  }
}
