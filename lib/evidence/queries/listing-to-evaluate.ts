import "server-only";
import { type Actor, hasRole } from "@/lib/accounts/actor";
import { type EnvelopeCell, envelopeCellSchema } from "@/lib/catalogue/standing";
import { db } from "@/lib/platform/db";

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
  const listing = await db.listing.findFirst({
    where: { slug, status: "open", takenDownAt: null, frozenAt: null },
    select: { title: true, sellerId: true, envelope: true, contributors: { select: { accountId: true } } },
  });
  if (!listing) return null;
  const isLinked =
    listing.sellerId === actor.accountId ||
    listing.contributors.some(({ accountId }) => accountId === actor.accountId);
  const cells = envelopeCellSchema.array().catch([]).parse(listing.envelope);
  return { title: listing.title, isLinked, slices: cells.map(({ slice, name }) => ({ slice, name })) };
}
