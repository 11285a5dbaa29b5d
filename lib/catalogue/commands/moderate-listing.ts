import "server-only";
import { currentTime } from "@/lib/platform/clock";
import type { Tx } from "@/lib/platform/db";
import { refuseUnless } from "@/lib/shared/domain-error";
import { lockListing } from "../records";
import { addTimelineEvent } from "./add-timeline-event";
import { reindexListing } from "./reindex-listing";

/**
 * Moderation of a listing. Who may do this is decided by the caller (`lib/disputes`), which also keeps the sanction
 * and its reason; here the listing changes, leaves or joins the search, and its timeline says so.
 */

/** Nobody can license a frozen listing; its page says that it is frozen. Throws `listing_status` when it is already. */
export async function freezeListing(tx: Tx, listingId: string, reason: string): Promise<void> {
  const listing = await lockListing(tx, listingId);
  refuseUnless(!listing.frozenAt, "listing_status", "This listing is frozen already.");
  await moderate(tx, listingId, "frozenAt", true, "frozen", `Frozen by a moderator: ${reason}`);
}

export async function unfreezeListing(tx: Tx, listingId: string, reason: string): Promise<void> {
  const listing = await lockListing(tx, listingId);
  refuseUnless(listing.frozenAt, "listing_status", "This listing is not frozen.");
  await moderate(tx, listingId, "frozenAt", false, "unfrozen", `Freeze lifted by a moderator: ${reason}`);
}

/** What was for sale is no longer shown to the public; the address says that it was taken down. */
export async function takeDownListing(tx: Tx, listingId: string, reason: string): Promise<void> {
  const listing = await lockListing(tx, listingId);
  refuseUnless(!listing.takenDownAt, "listing_status", "This listing is taken down already.");
  await moderate(tx, listingId, "takenDownAt", true, "taken_down", `Taken down by a moderator: ${reason}`);
}

/** Undoes a take-down, for example after an appeal. */
export async function restoreListing(tx: Tx, listingId: string, reason: string): Promise<void> {
  const listing = await lockListing(tx, listingId);
  refuseUnless(listing.takenDownAt, "listing_status", "This listing is not taken down.");
  await moderate(tx, listingId, "takenDownAt", false, "restored", `Restored by a moderator: ${reason}`);
}

async function moderate(
  tx: Tx,
  listingId: string,
  column: "frozenAt" | "takenDownAt",
  isOn: boolean,
  kind: string,
  text: string,
): Promise<void> {
  const now = await currentTime(tx);
  await tx.listing.update({
    where: { id: listingId },
    data: { [column]: isOn ? now : null, updatedAt: now },
  });
  await addTimelineEvent(tx, listingId, {
    kind,
    fromDate: now,
    text: text.slice(0, 600),
    originator: "moderator",
    isAdverse: isOn,
  });
  await reindexListing(tx, listingId);
}
