import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { lockRoom } from "@/lib/accounts/commands/room";
import { limits, requireRoom } from "@/lib/accounts/limits";
import { currentTime } from "@/lib/platform/clock";
import { inTransaction } from "@/lib/platform/db";
import { notFoundError } from "@/lib/shared/domain-error";

type Input = { listingId: string };

/** Puts a listing on the actor's watch list; twice is once. Throws `not_found` for a draft or one taken down. */
export async function watchListing(actor: Actor, { listingId }: Input): Promise<{ message: string }> {
  await inTransaction(async (tx) => {
    const listing = await tx.listing.findUnique({ where: { id: listingId } });
    if (!listing || listing.status === "draft" || listing.takenDownAt) throw notFoundError("listing");
    await lockRoom(tx, actor.accountId, "watched listings");
    const others = await tx.watchedListing.count({
      where: { accountId: actor.accountId, listingId: { not: listingId } },
    });
    requireRoom(
      others,
      limits.watched,
      `You watch ${limits.watched} listings. Take one off your list first.`,
    );
    await tx.watchedListing.createMany({
      data: [{ accountId: actor.accountId, listingId, createdAt: await currentTime(tx) }],
      skipDuplicates: true,
    });
  });
  return { message: "On your watch list." };
}

/** Takes a listing off the actor's watch list; one that is not on it stays off. */
export async function unwatchListing(actor: Actor, { listingId }: Input): Promise<{ message: string }> {
  await inTransaction((tx) =>
    tx.watchedListing.deleteMany({ where: { accountId: actor.accountId, listingId } }),
  );
  return { message: "Off your watch list." };
}
