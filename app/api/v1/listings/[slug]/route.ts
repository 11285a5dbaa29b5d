import { badParameterError, listingDetail, listingNotFound, publicHeaders } from "@/lib/catalogue/api-view";
import { findListing } from "@/lib/catalogue/queries/find-listing";

/** One listing as JSON, as a stranger sees it. */
export async function GET(request: Request, { params }: RouteContext<"/api/v1/listings/[slug]">) {
  const [unknown] = new URL(request.url).searchParams.keys();
  if (unknown !== undefined)
    return Response.json(
      badParameterError({ parameter: unknown, message: "is not a parameter of this address" }),
      {
        status: 400,
        headers: publicHeaders,
      },
    );
  const listing = await findListing(null, (await params).slug);
  if (!listing || listing.kind === "taken_down")
    return Response.json(listingNotFound, { status: 404, headers: publicHeaders });
  return Response.json(listingDetail(listing), { headers: publicHeaders });
}

export function OPTIONS(): Response {
  return new Response(null, { status: 204, headers: publicHeaders });
}
