import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { db } from "@/lib/platform/db";
import type { ListingStatusName } from "../listing";
import { type EnvelopeCell, type EvidenceGradeName, envelopeCellSchema } from "../standing";

export type OwnListing = {
  id: string;
  slug: string;
  title: string;
  task: string | null;
  domain: string | null;
  languages: string[];
  status: ListingStatusName;
  isFrozen: boolean;
  isTakenDown: boolean;
  evidenceGrade: EvidenceGradeName;
  envelope: EnvelopeCell[];
  priceMinor: bigint | null;
  currency: string;
  versionNumber: number;
  updatedAt: Date;
};

/** Everything the actor has listed, whatever its state, latest change first. */
export async function listEverythingListed(actor: Actor): Promise<OwnListing[]> {
  const rows = await db.listing.findMany({
    where: { sellerId: actor.accountId },
    orderBy: [{ updatedAt: "desc" }, { id: "asc" }],
  });
  const versions = await db.modelVersion.findMany({
    where: { id: { in: rows.map(({ versionId }) => versionId) } },
    select: { id: true, number: true },
  });
  const numbers = new Map(versions.map(({ id, number }) => [id, number]));
  return rows.map((row) => ({
    id: row.id,
    slug: row.slug,
    title: row.title,
    task: row.task,
    domain: row.domain,
    languages: row.languages,
    status: row.status,
    isFrozen: row.frozenAt !== null,
    isTakenDown: row.takenDownAt !== null,
    evidenceGrade: row.evidenceGrade,
    envelope: envelopeCellSchema.array().catch([]).parse(row.envelope),
    priceMinor: row.priceMinor,
    currency: row.currency,
    versionNumber: numbers.get(row.versionId) ?? 1,
    updatedAt: row.updatedAt,
  }));
}
