import { listingNotFound, refuseParameters } from "@/lib/catalogue/api-view";
import { findListing } from "@/lib/catalogue/queries/find-listing";
import { listEnvelopesOfListing } from "@/lib/evidence/queries/envelopes";
import { publicAnswer } from "../../../public-response";

export { preflight as OPTIONS } from "../../../public-response";

/** The signed envelopes behind a listing, with the keys to check them; `href` serves the exact bytes. */
export async function GET(
  request: Request,
  { params }: RouteContext<"/api/v1/listings/[slug]/attestations">,
) {
  const refusal = refuseParameters(request);
  if (refusal) return refusal;
  const listing = await findListing(null, (await params).slug);
  if (!listing || listing.kind === "taken_down") return publicAnswer(listingNotFound, 404);
  const envelopes = await listEnvelopesOfListing(listing.id);
  const attestations = envelopes.map(({ body, keyRevokedAt, createdAt, ...rest }) => ({
    ...rest,
    href: `/api/v1/envelopes/${rest.sha256}`,
    keyRevokedAt: keyRevokedAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
    envelope: JSON.parse(body) as unknown,
  }));
  return publicAnswer({ attestations });
}
