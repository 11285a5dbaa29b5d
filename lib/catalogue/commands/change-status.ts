import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { currentTime } from "@/lib/platform/clock";
import { inTransaction } from "@/lib/platform/db";
import { moveStatus, type StatusMove } from "../listing";
import { lockOwnListing } from "../records";
import { addTimelineEvent } from "./add-timeline-event";
import { reindexListing } from "./reindex-listing";
import { requireRoomForChange } from "./room-for-change";

type Input = { listingId: string };

/** Takes a listing of the actor's own out of the search; deals under way go on. */
export async function pauseListing(actor: Actor, { listingId }: Input): Promise<{ message: string }> {
  await changeStatus(actor, listingId, "pause", "Paused by the seller");
  return { message: "Paused. Nobody finds it in the search or licenses it until you reopen it." };
}

export async function reopenListing(actor: Actor, { listingId }: Input): Promise<{ message: string }> {
  await changeStatus(actor, listingId, "reopen", "Reopened by the seller");
  return { message: "Open again." };
}

/** Ends a listing for good: its page, evidence and licences stay. */
export async function retireListing(actor: Actor, { listingId }: Input): Promise<{ message: string }> {
  await changeStatus(actor, listingId, "retire", "Retired by the seller");
  return { message: "Retired. Its page, its evidence and the licences sold stay." };
}

async function changeStatus(actor: Actor, listingId: string, move: StatusMove, text: string): Promise<void> {
  await inTransaction(async (tx) => {
    const listing = await lockOwnListing(tx, actor, listingId);
    const status = moveStatus(listing.status, move);
    const now = await currentTime(tx);
    // To end a listing is always possible, and only once.
    if (move !== "retire") await requireRoomForChange(tx, listingId, now);
    await tx.listing.update({ where: { id: listingId }, data: { status, updatedAt: now } });
    await addTimelineEvent(tx, listingId, { kind: status, fromDate: now, text, originator: "seller" });
    await reindexListing(tx, listingId);
  });
}
