import "server-only";
import { type Actor, hasRole } from "@/lib/accounts/actor";
import { findOpenListing } from "@/lib/catalogue/queries/listings";
import { type EnvelopeCell, envelopeCellSchema } from "@/lib/catalogue/standing";

export type ListingToEvaluate = {
  title: string;
  /** The reader sells it or shares in its proceeds. */
  isLinked: boolean;
  /** Slices judged so far, to be named alike. */
  slices: Pick<EnvelopeCell, "slice" | "name">[];
};

/** An open listing for an evaluator; null for everybody else, and for every other listing. */
export async function findListingToEvaluate(actor: Actor, slug: string): Promise<ListingToEvaluate | null> {
  if (!hasRole(actor, "evaluator")) return null;
  const listing = await findOpenListing(slug);
  if (!listing) return null;
  const isLinked = listing.beneficiaryIds.includes(actor.accountId);
  const cells = envelopeCellSchema.array().catch([]).parse(listing.envelope);
  return { title: listing.title, isLinked, slices: cells.map(({ slice, name }) => ({ slice, name })) };
}
