import { listingDetail, listingNotFound, publicHeaders, refuseParameters } from "@/lib/catalogue/api-view";
import { findListing } from "@/lib/catalogue/queries/find-listing";

/** One listing as JSON, as a stranger sees it. */
export async function GET(request: Request, { params }: RouteContext<"/api/v1/listings/[slug]">) {
  const refusal = refuseParameters(request);
  if (refusal) return refusal;
  const listing = await findListing(null, (await params).slug);
  if (!listing || listing.kind === "taken_down")
    return Response.json(listingNotFound, { status: 404, headers: publicHeaders });
  return Response.json(listingDetail(listing), { headers: publicHeaders });
}

export function OPTIONS(): Response {
  return new Response(null, { status: 204, headers: publicHeaders });
}
