import { badParameterError, facetItems, listingItem } from "@/lib/catalogue/api-view";
import { readBrowseQuery, writeCursor } from "@/lib/catalogue/browse-query";
import { searchListings } from "@/lib/catalogue/queries/search-listings";
import { publicAnswer } from "../public-response";

export { preflight as OPTIONS } from "../public-response";

/** The search of the front page as JSON. What it cannot read it refuses by name. */
export async function GET(request: Request): Promise<Response> {
  const { query, bad } = readBrowseQuery([...new URL(request.url).searchParams]);
  const [first] = bad;
  if (first) return publicAnswer(badParameterError(first), 400);
  const { rows, facets, total, next } = await searchListings(query);
  const body = {
    listings: rows.map(listingItem),
    facets: facetItems(facets),
    total,
    nextCursor: next && writeCursor(next),
  };
  return publicAnswer(body);
}
