import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { inTransaction } from "@/lib/platform/db";
import { notFoundError, refuseUnless } from "@/lib/shared/domain-error";
import { readDraftFields } from "@/lib/catalogue/draft-fields";
import { fieldsOfListing } from "../draft-of-listing";
import { lockOwnListing } from "@/lib/catalogue/records";
import { createDraft } from "./edit-draft";

/**
 * Opens a draft that revises a listing of the actor's own, filled with what the listing says and with its files. An
 * open draft of that listing is opened again instead of making a second one.
 */
export async function draftFromListing(
  actor: Actor,
  { listingId }: { listingId: string },
): Promise<{ redirectTo: string }> {
  const { draftId } = await inTransaction(async (tx) => {
    const locked = await lockOwnListing(tx, actor, listingId);
    refuseUnless(
      locked.status !== "retired" && !locked.takenDownAt,
      "listing_status",
      "A listing that is retired or taken down cannot be revised.",
    );
    const open = await tx.listingDraft.findFirst({
      where: { ownerId: actor.accountId, listingId, closedAt: null },
      select: { id: true },
    });
    if (open) return { draftId: open.id };
    const listing = await tx.listing.findUnique({
      where: { id: listingId },
      include: { parts: true, limitations: true, dataOrigins: true, contributors: true },
    });
    const version = await tx.modelVersion.findUnique({
      where: { id: locked.versionId },
      include: { files: true },
    });
    if (!listing || !version) throw notFoundError("listing");
    const ids = listing.contributors.flatMap(({ accountId }) => accountId ?? []);
    const accounts = await tx.account.findMany({ where: { id: { in: ids } } });
    const handles = new Map(accounts.map(({ id, handle }) => [id, handle]));
    const draft = await createDraft(tx, actor, {
      fields: readDraftFields(fieldsOfListing({ ...listing, endpointUrl: version.endpointUrl }, handles)),
      card: version.card,
      listingId,
    });
    await tx.draftFile.createMany({
      data: version.files.map(({ storedFileId, part, path }) => ({ ...draft, storedFileId, part, path })),
    });
    return draft;
  });
  return { redirectTo: `/sell/${draftId}` };
}
