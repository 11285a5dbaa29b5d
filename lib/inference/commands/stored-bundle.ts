import "server-only";
import { openStoredFile } from "@/lib/catalogue/commands/store-file";
import { filesOfVersion } from "@/lib/catalogue/queries/version-files";
import { findRunContract } from "@/lib/catalogue/queries/run-contracts";
import { db } from "@/lib/platform/db";
import { runContractSchema } from "../run-contract";
import type { BundleFile } from "./bundle-folder";
import type { Bundle } from "./open-model";

/** A file that the platform holds, as one of a bundle's. The caller has authorised already. */
export function bundleFileOf(file: {
  path: string;
  sha256: string;
  sizeBytes: bigint;
  storedFileId: string;
}): BundleFile {
  const open = async () => (await openStoredFile(file.storedFileId)).stream;
  return { path: file.path, sha256: file.sha256, sizeBytes: Number(file.sizeBytes), open };
}

/** What is run of a version, with its contract; or why nothing is, in a sentence. The caller has authorised already. */
export async function bundleOfVersion(versionId: string): Promise<Bundle | { reason: string }> {
  const contract = await findRunContract(versionId);
  if (contract === null) return { reason: "Its seller has not said how it is run." };
  const files = await filesOfVersion(db, versionId, "weights");
  return { files: files.map(bundleFileOf), contract: runContractSchema.parse(contract), isForeign: true };
}
