import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { db } from "@/lib/platform/db";
import { pick } from "@/lib/shared/pick";
import type { Listing } from "@/prisma/generated/client";
import { type EnvelopeCell, envelopeCellSchema } from "../standing";
import { versionNumbersById } from "./listing-names";

const plain = [
  ...(["id", "slug", "title", "task", "domain", "languages"] as const),
  ...(["status", "evidenceGrade", "priceMinor", "currency", "updatedAt"] as const),
];

export type OwnListing = Pick<Listing, (typeof plain)[number]> & {
  isFrozen: boolean;
  isTakenDown: boolean;
  envelope: EnvelopeCell[];
  versionNumber: number;
};

/** Everything the actor has listed, whatever its state, latest change first. */
export async function listEverythingListed(actor: Actor): Promise<OwnListing[]> {
  const rows = await db.listing.findMany({
    where: { sellerId: actor.accountId },
    orderBy: [{ updatedAt: "desc" }, { id: "asc" }],
  });
  const numbers = await versionNumbersById(rows.map(({ versionId }) => versionId));
  return rows.map((row) => ({
    ...pick(row, plain),
    isFrozen: row.frozenAt !== null,
    isTakenDown: row.takenDownAt !== null,
    envelope: envelopeCellSchema.array().catch([]).parse(row.envelope),
    versionNumber: numbers.get(row.versionId) ?? 1,
  }));
}
