import "server-only";
import { currentTime } from "@/lib/platform/clock";
import { db } from "@/lib/platform/db";
import { isAsideSql, orPutAside } from "@/lib/platform/put-aside";
import { DomainError } from "@/lib/shared/domain-error";
import { Prisma } from "@/prisma/generated/client";
import { MARKED_TEXT_VERSION } from "../marked-text";
import { readDescription } from "../queries/read-description";

const BATCH = 20;
const CLOCK = "descriptions";

type Stale = { id: string; sellerId: string; description: string };

/**
 * Reads descriptions that no reader of this version has read, at most 20; how many. One that is refused is shown as
 * plain text from then on; one that finds its reader busy waits for the next turn. A listing that changes meanwhile
 * keeps what is newer.
 */
export async function renewDescriptions(): Promise<number> {
  const now = await currentTime();
  const stale = await db.$queryRaw<Stale[]>`
    SELECT id, "sellerId", description FROM "Listing" AS listing
    WHERE description <> '' AND "descriptionVersion" <> ${MARKED_TEXT_VERSION}
      AND NOT ${isAsideSql(CLOCK, Prisma.sql`listing.id`, now)}
    ORDER BY id LIMIT ${BATCH}`;
  for (const listing of stale) await orPutAside(CLOCK, listing.id, () => renew(listing));
  return stale.length;
}

async function renew({ id, sellerId, description }: Stale): Promise<void> {
  const nodes = await nodesOf(sellerId, description);
  if (nodes === "busy") return;
  await db.listing.updateMany({
    where: { id, description },
    data: { descriptionNodes: nodes ?? Prisma.DbNull, descriptionVersion: MARKED_TEXT_VERSION },
  });
}

async function nodesOf(sellerId: string, description: string) {
  try {
    return (await readDescription(sellerId, description)).nodes;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return error.code === "reading_busy" ? "busy" : null;
  }
}
