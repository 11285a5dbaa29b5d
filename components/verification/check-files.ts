import type { Check } from "@/lib/verification/check";
import { type HeldFile, compareFiles } from "@/lib/verification/file-comparison";
import { fetchManifest, withoutList } from "@/lib/verification/held-files";
import { filesCheck } from "@/lib/verification/wording";
import { siteAt } from "../evidence/site";
import { digestOfFile } from "./digest-of-file";

/**
 * Hashes files in this browser and compares them with the manifest whose digest was signed. The manifest itself is
 * fetched and checked against that digest first, so the server cannot slip in another list.
 */
export async function checkFiles(modelDigest: string, files: readonly File[]): Promise<Check> {
  const manifest = await fetchManifest(siteAt(location.origin), modelDigest);
  if (typeof manifest === "string") return filesCheck(withoutList(manifest), "card");
  const held: HeldFile[] = [];
  for (const file of files) {
    held.push({ path: file.webkitRelativePath || file.name, sha256: await digestOfFile(file) });
  }
  return filesCheck(compareFiles(manifest, held), "card");
}
