import "server-only";
import { db } from "@/lib/platform/db";
import { leadingEnvelope, listStandingClaims } from "../records/claims";

/** How the standing claims of a listing were made; all zero before the first was recorded. */
export type ClaimCounts = {
  /** By a key of the seller's own. */
  signed: number;
  /** The platform signed that the seller agreed in a session. */
  agreed: number;
};

/** Counts the standing claims of a listing by who signed them. Public; the caller has made sure it may be seen. */
export async function countClaims(listingId: string): Promise<ClaimCounts> {
  const claims = await listStandingClaims(db, listingId);
  const by = (method: string) => claims.filter((claim) => leadingEnvelope(claim)?.method === method).length;
  return { signed: by("device_key"), agreed: by("session") };
}
