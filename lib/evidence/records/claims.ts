import "server-only";
import { readStatedDetails } from "@/lib/catalogue/queries/listing-details";
import type { ListingRecord } from "@/lib/catalogue/records";
import type { Tx, db } from "@/lib/platform/db";
import type { Claim, ClaimEnvelope } from "@/prisma/generated/client";
import type { ClaimKindName, KeptClaim, StatedListing } from "../claim";

export type ClaimRecord = KeptClaim & { versionId: string; endedAt: Date | null; envelopes: ClaimEnvelope[] };

/** How a statement of a claim was made, strongest first. */
const methods = ["device_key", "session"];

export function claimRecordOf(row: Claim & { envelopes: ClaimEnvelope[] }): ClaimRecord {
  return { ...row, kind: row.kind as ClaimKindName, content: row.content as Record<string, unknown> };
}

/** The claims of a listing that stand now, in the order they were stated. */
export async function listStandingClaims(tx: Tx | typeof db, listingId: string): Promise<ClaimRecord[]> {
  const rows = await tx.claim.findMany({
    where: { listingId, endedAt: null },
    include: { envelopes: true },
    orderBy: [{ statedAt: "asc" }, { kind: "asc" }, { key: "asc" }],
  });
  return rows.map(claimRecordOf);
}

/** What listings say now of who contributed to them. */
export async function listStandingContributions(tx: Pick<Tx, "claim">): Promise<ClaimRecord[]> {
  const rows = await tx.claim.findMany({
    where: { kind: "contribution", endedAt: null },
    include: { envelopes: true },
  });
  return rows.map(claimRecordOf);
}

type Spoken = Pick<ClaimRecord, "envelopes">;

/** The statements that make a claim, strongest first: by a key of its seller's, then by the platform for them. */
export function statedEnvelopes({ envelopes }: Spoken): ClaimEnvelope[] {
  const stated = envelopes.filter(({ stance }) => stance === "stated");
  return stated.sort((a, b) => methods.indexOf(a.method) - methods.indexOf(b.method));
}

export function leadingEnvelope(claim: Spoken): ClaimEnvelope | null {
  return statedEnvelopes(claim)[0] ?? null;
}

export function isSignedByKey(claim: Spoken): boolean {
  return leadingEnvelope(claim)?.method === "device_key";
}

/** The newest answer of the contributor that a claim names; null while there is none. */
export function contributorsStance({ envelopes }: Spoken): ClaimEnvelope | null {
  const answers = envelopes.filter(({ stance }) => stance === "confirmed" || stance === "rejected");
  return answers.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime())[0] ?? null;
}

/** What a listing states now, from its rows. */
export async function readStatedListing(tx: Tx, listing: ListingRecord): Promise<StatedListing> {
  const { task, domain, languages, declaredLevel } = listing;
  return {
    niche:
      task === null || domain === null || declaredLevel === null
        ? null
        : { task, domain, languages, declaredLevel: Number(declaredLevel) },
    ...(await readStatedDetails(tx, listing.id)),
  };
}
