import { type HeldFile, compareFiles, readManifest } from "@/lib/verification/file-comparison";
import { type Check, cannotCheck, failed } from "@/lib/verification/check";
import { hexDigest } from "@/lib/statements/verify-envelope";
import { digestOfFile } from "./digest-of-file";

/**
 * Hashes files in this browser and compares them with the manifest whose digest was signed. The manifest itself is
 * fetched and checked against that digest first, so the server cannot slip in another list.
 */
export async function checkFiles(modelDigest: string, files: readonly File[]): Promise<Check> {
  const text = await fetchManifest(modelDigest);
  if (text === null) return cannotCheck("the list of files could not be fetched");
  if (hexDigest(text) !== modelDigest) {
    return failed("the list of files is not the one that was signed");
  }
  const manifest = readManifest(text);
  if (!manifest) return cannotCheck("the list of files has an unknown form");
  const held: HeldFile[] = [];
  for (const file of files) {
    held.push({ path: file.webkitRelativePath || file.name, sha256: await digestOfFile(file) });
  }
  return compareFiles(manifest, held);
}

async function fetchManifest(modelDigest: string): Promise<string | null> {
  try {
    const response = await fetch(`/api/v1/manifests/${modelDigest}`);
    return response.ok ? await response.text() : null;
  } catch {
    return null;
  }
}
