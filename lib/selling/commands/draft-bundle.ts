import "server-only";
import { text } from "node:stream/consumers";
import type { Actor } from "@/lib/accounts/actor";
import { readDraftFields } from "@/lib/catalogue/draft-fields";
import { openStoredFile } from "@/lib/catalogue/commands/store-file";
import { storedFilesById, structuresOfStoredFiles } from "@/lib/catalogue/queries/stored-files";
import { type KnownFile, MAX_SETTINGS_BYTES, settingsFiles } from "@/lib/inference/bundle-facts";
import type { BundleFile } from "@/lib/inference/commands/bundle-folder";
import { bundleFileOf } from "@/lib/inference/commands/stored-bundle";
import { type RunContract, contractDigest, runContractSchema } from "@/lib/inference/run-contract";
import { type Tx, db } from "@/lib/platform/db";
import { hexDigest } from "@/lib/statements/verify-envelope";
import type { ListingDraft } from "@/prisma/generated/client";
import { type DryRun, dryRunSchema, isConfirmed } from "../dry-run";
import { digestOfFiles } from "./runnable-model";

type DraftFile = { part: string; path: string; storedFileId: string };

/** The weights of a draft, as they would be run. */
export async function weightsOf(
  files: readonly DraftFile[],
  tx: Pick<Tx, "storedFile"> = db,
): Promise<BundleFile[]> {
  const weights = files.filter(({ part }) => part === "weights");
  const stored = await storedFilesById(
    weights.map(({ storedFileId }) => storedFileId),
    tx,
  );
  return weights.flatMap(({ storedFileId, path }) => {
    const file = stored.get(storedFileId);
    return file ? [bundleFileOf({ ...file, storedFileId, path })] : [];
  });
}

/** The same as a contract is drafted from. Opens the settings among them, so not within a transaction. */
export async function knownFiles({ accountId }: Actor, files: readonly DraftFile[]): Promise<KnownFile[]> {
  const weights = files.filter(({ part }) => part === "weights");
  const ids = weights.map(({ storedFileId }) => storedFileId);
  const [stored, structures] = [await storedFilesById(ids), await structuresOfStoredFiles(ids)];
  return Promise.all(
    weights.map(async ({ storedFileId, path }) => {
      const { ownerId, format = "", sizeBytes = 0n } = stored.get(storedFileId) ?? {};
      const isRead =
        ownerId === accountId &&
        settingsFiles.some((name) => name === path) &&
        sizeBytes <= MAX_SETTINGS_BYTES;
      const read = isRead ? await text((await openStoredFile(storedFileId)).stream) : null;
      return { path, format, facts: structures.get(storedFileId) ?? {}, text: read };
    }),
  );
}

export type DraftedRun = {
  contract: RunContract | null;
  dryRun: DryRun | null;
  /** Of the contract and what it runs, the files or the endpoint, as they are now; null without either. */
  now: Pick<DryRun, "contractSha256" | "filesSha256"> | null;
  isConfirmed: boolean;
};

/** How a draft is run as it stands now, with the rows it was seen on. */
export function runOfDraft(
  draft: Pick<ListingDraft, "runContract" | "dryRun" | "fields">,
  weights: readonly BundleFile[],
): DraftedRun {
  const contract = runContractSchema.safeParse(draft.runContract).data ?? null;
  const dryRun = dryRunSchema.safeParse(draft.dryRun).data ?? null;
  const filesSha256 = contract && digestOfRun(contract, weights, endpointOf(draft));
  const now = contract && filesSha256 ? { contractSha256: contractDigest(contract), filesSha256 } : null;
  return { contract, dryRun, now, isConfirmed: now !== null && isConfirmed(dryRun, now) };
}

/** The address of a draft that its seller serves; null where it has none. */
export function endpointOf(draft: Pick<ListingDraft, "fields">): string | null {
  return readDraftFields(draft.fields).endpointUrl.trim() || null;
}

/** Names what the contract is of; null where that is not in the draft any more. */
function digestOfRun(
  { endpoint }: RunContract,
  weights: readonly BundleFile[],
  url: string | null,
): string | null {
  if (endpoint) return endpoint.url === url && weights.length === 0 ? hexDigest(url) : null;
  return weights.length > 0 ? digestOfFiles(weights) : null;
}
