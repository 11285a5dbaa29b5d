import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { db } from "@/lib/platform/db";
import { readPool } from "@/lib/platform/read-pool";
import { type ListingRow, listRows } from "./listing-rows";

export type WatchedRow = ListingRow & { state: "open" | "paused" | "retired" | "frozen" };

/** The actor's watch list, the latest first. A listing taken down since is left out. */
export async function listWatched(actor: Actor): Promise<WatchedRow[]> {
  const watched = await db.watchedListing.findMany({
    where: { accountId: actor.accountId, listing: { takenDownAt: null, status: { not: "draft" } } },
    orderBy: { createdAt: "desc" },
    take: 200,
    include: { listing: { select: { id: true, searchId: true, status: true, frozenAt: true } } },
  });
  const rows = await listRows(
    readPool(),
    watched.map(({ listing }) => listing.searchId),
  );
  const states = new Map(watched.map(({ listing }) => [listing.id, listing]));
  return rows.map((row) => {
    const found = states.get(row.id);
    const state = found?.frozenAt ? "frozen" : found?.status;
    return {
      ...row,
      state: state === "paused" || state === "retired" || state === "frozen" ? state : "open",
    };
  });
}
