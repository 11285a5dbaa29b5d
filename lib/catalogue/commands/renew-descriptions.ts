import "server-only";
import { db } from "@/lib/platform/db";
import { DomainError } from "@/lib/shared/domain-error";
import { Prisma } from "@/prisma/generated/client";
import { MARKED_TEXT_VERSION } from "../marked-text";
import { readDescription } from "../queries/read-description";

const BATCH = 20;

/**
 * Reads descriptions that no reader of this version has read, at most 20; how many. One that is refused is shown as
 * plain text from then on; one that finds its reader busy waits for the next turn. A listing that changes meanwhile
 * keeps what is newer.
 */
export async function renewDescriptions(): Promise<number> {
  const stale = await db.listing.findMany({
    where: { description: { not: "" }, descriptionVersion: { not: MARKED_TEXT_VERSION } },
    select: { id: true, sellerId: true, description: true },
    orderBy: { id: "asc" },
    take: BATCH,
  });
  for (const { id, sellerId, description } of stale) {
    const nodes = await nodesOf(sellerId, description);
    if (nodes === "busy") continue;
    await db.listing.updateMany({
      where: { id, description },
      data: { descriptionNodes: nodes ?? Prisma.DbNull, descriptionVersion: MARKED_TEXT_VERSION },
    });
  }
  return stale.length;
}

async function nodesOf(sellerId: string, description: string) {
  try {
    return (await readDescription(sellerId, description)).nodes;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return error.code === "reading_busy" ? "busy" : null;
  }
}
