import "server-only";
import { currentTime } from "@/lib/platform/clock";
import type { Tx } from "@/lib/platform/db";
import { type TimelineEventInput, timelineEventSchema } from "../listing";

/** Adds an entry to a listing's timeline. Entries can be answered by others, never changed or removed. */
export async function addTimelineEvent(tx: Tx, listingId: string, event: TimelineEventInput): Promise<void> {
  const checked = timelineEventSchema.parse(event);
  await tx.timelineEvent.create({
    data: { ...checked, listingId, createdAt: await currentTime(tx) },
  });
}
