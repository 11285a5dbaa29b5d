import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { comparedSlugs } from "../comparison";
import { findListing, type ListingView } from "./find-listing";

/** The listings of these addresses that the actor may see, in the order asked for, at most four. */
export async function listCompared(actor: Actor | null, asked: readonly string[]): Promise<ListingView[]> {
  const found = await Promise.all(comparedSlugs(asked).map((slug) => findListing(actor, slug)));
  return found.filter((listing): listing is ListingView => listing?.kind === "listing");
}
