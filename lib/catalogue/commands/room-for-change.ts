import "server-only";
import { limits, requireRoom } from "@/lib/accounts/limits";
import type { Tx } from "@/lib/platform/db";

const DAY_MS = 86_400_000;

/** Each change of a listing stands in its history for ever: 30 in a day. The caller has locked the listing. */
export async function requireRoomForChange(tx: Tx, listingId: string, now: Date): Promise<void> {
  const changed = await tx.timelineEvent.count({
    where: {
      listingId,
      kind: { in: ["open", "paused", "revised"] },
      createdAt: { gt: new Date(now.getTime() - DAY_MS) },
    },
  });
  const most = limits.changesOfListingInDay;
  requireRoom(
    changed,
    most,
    `You have changed this listing ${most} times within a day. Do it again tomorrow.`,
  );
}
