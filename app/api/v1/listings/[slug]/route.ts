import { listingDetail, listingNotFound, refuseParameters } from "@/lib/catalogue/api-view";
import { findListing } from "@/lib/catalogue/queries/find-listing";
import { listListingEvaluations } from "@/lib/evidence/queries/listing-evaluations";
import { withVerdicts } from "@/lib/evidence/timeline-verdicts";
import { publicAnswer } from "../../public-response";

export { preflight as OPTIONS } from "../../public-response";

/** One listing as JSON, as a stranger sees it. */
export async function GET(request: Request, { params }: RouteContext<"/api/v1/listings/[slug]">) {
  const refusal = refuseParameters(request);
  if (refusal) return refusal;
  const listing = await findListing(null, (await params).slug);
  if (!listing || listing.kind === "taken_down") return publicAnswer(listingNotFound, 404);
  const timeline = withVerdicts(listing.timeline, await listListingEvaluations(listing.id));
  return publicAnswer(listingDetail({ ...listing, timeline }));
}
