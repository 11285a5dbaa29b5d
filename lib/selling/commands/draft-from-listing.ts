import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { namesById } from "@/lib/accounts/queries/names";
import { getListingDetails } from "@/lib/catalogue/queries/listing-details";
import { getVersion } from "@/lib/catalogue/queries/listings";
import { findRunContract } from "@/lib/catalogue/queries/run-contracts";
import { filesOfVersion } from "@/lib/catalogue/queries/version-files";
import { contractDigest, runContractSchema } from "@/lib/inference/run-contract";
import { inTransaction } from "@/lib/platform/db";
import { refuseUnless } from "@/lib/shared/domain-error";
import { readDraftFields } from "@/lib/catalogue/draft-fields";
import { fieldsOfListing } from "../draft-of-listing";
import { lockOwnListing } from "@/lib/catalogue/records";
import { createDraft } from "./edit-draft";
import { digestOfFiles } from "./runnable-model";

/**
 * Opens a draft that revises a listing of the actor's own, filled with what the listing says and with its files. An
 * open draft of that listing is opened again instead of making a second one.
 */
export async function draftFromListing(
  actor: Actor,
  { listingId }: { listingId: string },
): Promise<{ redirectTo: string }> {
  const { draftId } = await inTransaction(async (tx) => {
    const listing = await lockOwnListing(tx, actor, listingId);
    refuseUnless(
      listing.status !== "retired" && !listing.takenDownAt,
      "listing_status",
      "A listing that is retired or taken down cannot be revised.",
    );
    const open = await tx.listingDraft.findFirst({
      where: { ownerId: actor.accountId, listingId, closedAt: null },
      select: { id: true },
    });
    if (open) return { draftId: open.id };
    const details = await getListingDetails(tx, listingId);
    const { endpointUrl, card } = await getVersion(listing.versionId, tx);
    const files = await filesOfVersion(tx, listing.versionId);
    const run = runContractSchema.safeParse(await findRunContract(listing.versionId, tx));
    const names = await namesById(
      details.contributors.flatMap(({ accountId }) => accountId ?? []),
      tx,
    );
    const handles = new Map([...names.values()].map(({ id, handle }) => [id, handle]));
    const draft = await createDraft(tx, actor, {
      fields: readDraftFields(fieldsOfListing({ ...listing, ...details, endpointUrl }, handles)),
      card,
      listingId,
      ...(run.success && {
        runContract: run.data,
        dryRun: {
          contractSha256: contractDigest(run.data),
          filesSha256: digestOfFiles(files.filter(({ part }) => part === "weights")),
          ran: null,
        },
      }),
    });
    await tx.draftFile.createMany({
      data: files.map(({ storedFileId, part, path }) => ({ ...draft, storedFileId, part, path })),
    });
    return draft;
  });
  return { redirectTo: `/sell/${draftId}` };
}
