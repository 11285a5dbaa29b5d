import { type ManifestFile, modelManifest } from "@/lib/catalogue/model-manifest";
import type { Hashing } from "@/lib/statements/signed-manifest";
import type { FilesFinding } from "./judgement";

export type HeldFile = {
  path: string;
  sha256: string;
  /** Reads the file once more, for a list with other digests. */
  digestBy?: (algorithm: Hashing["algorithm"]) => Promise<string>;
};

/** The files named by a manifest's text; null when it has another form. */
export function readManifest(text: string): ManifestFile[] | null {
  try {
    const { resources } = JSON.parse(text) as { resources: { name: unknown; digest: unknown }[] };
    return resources.map(({ name, digest }) => {
      if (typeof name !== "string" || typeof digest !== "string") throw new TypeError("not a manifest");
      return { path: name, sha256: digest };
    });
  } catch {
    return null;
  }
}

/** The same in its one canonical spelling, whose digest is the model's; null for any other. */
export function readCanonicalManifest(text: string): ManifestFile[] | null {
  const files = readManifest(text);
  try {
    return files && modelManifest(files) === text ? files : null;
  } catch {
    return null;
  }
}

/**
 * Holds files against a version's. A file counts by its bytes, whatever it is called now; one that bears a listed
 * name and has other bytes, or whose bytes are not among those signed, fails the whole. Verified says how many of the
 * version's files were seen, because the others remain unchecked.
 */
export function compareFiles(
  manifest: readonly ManifestFile[],
  held: readonly HeldFile[],
): Extract<FilesFinding, { state: "verified" | "failed" }> {
  const matched = new Set<string>();
  for (const file of held) {
    const same = manifest.filter(({ sha256 }) => sha256 === file.sha256);
    for (const { path } of same) matched.add(path);
    if (same.length > 0) continue;
    const namesake = manifest.find(({ path }) => lastSegment(path) === lastSegment(file.path));
    return namesake
      ? { state: "failed", code: "file_differs", path: file.path, listed: namesake.path }
      : { state: "failed", code: "file_unlisted", path: file.path };
  }
  const names = manifest.filter(({ path }) => matched.has(path)).map(({ path }) => path);
  return { state: "verified", names, missing: manifest.length - names.length };
}

/** The name of a file without its folders. */
export function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
