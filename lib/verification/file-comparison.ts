import type { ManifestFile } from "@/lib/catalogue/model-manifest";

export type HeldFile = { path: string; sha256: string };

export type FileComparison = { state: "verified" | "failed"; message: string };

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

/**
 * Holds files against a version's. A file counts by its bytes, whatever it is called now; one that bears a listed
 * name and has other bytes, or whose bytes are not among those signed, fails the whole. Verified says how many of the
 * version's files were seen, because the others remain unchecked.
 */
export function compareFiles(manifest: readonly ManifestFile[], held: readonly HeldFile[]): FileComparison {
  const matched = new Set<string>();
  for (const file of held) {
    const same = manifest.filter(({ sha256 }) => sha256 === file.sha256);
    for (const { path } of same) matched.add(path);
    if (same.length > 0) continue;
    const namesake = manifest.find(({ path }) => lastSegment(path) === lastSegment(file.path));
    const what = namesake
      ? `differs from the ${namesake.path} that was signed`
      : "is not among the files that were signed";
    return { state: "failed", message: `${file.path} ${what}` };
  }
  const names = manifest.filter(({ path }) => matched.has(path)).map(({ path }) => path);
  const missing = manifest.length - names.length;
  const rest = missing === 0 ? "all files of this version" : `${missing} more of this version not checked`;
  return { state: "verified", message: `${names.join(", ")} match: ${rest}` };
}

function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
