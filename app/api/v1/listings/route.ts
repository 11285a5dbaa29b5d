import { badParameterError, facetItems, listingItem, publicHeaders } from "@/lib/catalogue/api-view";
import { readBrowseQuery, writeCursor } from "@/lib/catalogue/browse-query";
import { searchListings } from "@/lib/catalogue/queries/search-listings";

/** The search of the front page as JSON. What it cannot read it refuses by name. */
export async function GET(request: Request): Promise<Response> {
  const { query, bad } = readBrowseQuery([...new URL(request.url).searchParams]);
  const [first] = bad;
  if (first) return Response.json(badParameterError(first), { status: 400, headers: publicHeaders });
  const { rows, facets, total, next } = await searchListings(query);
  const body = {
    listings: rows.map(listingItem),
    facets: facetItems(facets),
    total,
    nextCursor: next && writeCursor(next),
  };
  return Response.json(body, { headers: publicHeaders });
}

export function OPTIONS(): Response {
  return new Response(null, { status: 204, headers: publicHeaders });
}
