import { BackTo, RefusedPartPage, listPrice } from "../part-page";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { CostDetails } from "@/components/catalogue/cost-details";
import { CostText } from "@/components/catalogue/cost-text";
import { MakeOfferForm } from "@/components/deals/make-offer-form";
import { Page } from "@/components/layout/page";
import { Panel } from "@/components/ui/panel";
import { requireActor } from "@/lib/accounts/session/session";
import { partLabels, termText } from "@/lib/catalogue/part";
import { findListing } from "@/lib/catalogue/queries/find-listing";
import { listedCost } from "@/lib/evidence/evidence-standing";
import { findFigures } from "@/lib/evidence/queries/leading-evaluation";
import { readVolume } from "@/lib/measurement/volume";
import { findOfferPage, partOf } from "@/lib/deals/queries/license-page";

export const metadata: Metadata = { title: "Make an offer", robots: { index: false } };

export default async function OfferPage({ params, searchParams }: PageProps<"/listings/[slug]/offer">) {
  const { slug } = await params;
  const asked = await searchParams;
  const part = partOf(asked["part"]);
  const volume = readVolume(asked["calls"], asked["months"]);
  const actor = await requireActor(`/listings/${slug}/offer?part=${part}`);
  const page = await findOfferPage(actor, slug, part);
  if (!page) notFound();
  if (page.kind === "refused") return <RefusedPartPage title="Make an offer" page={page} />;
  const { data } = page;
  const listing = await findListing(actor, slug);
  const cost =
    listing?.kind === "listing"
      ? (await findFigures(listing, { level: null, volume: volume.volume, part })).cost
      : null;
  return (
    <Page
      width="medium"
      eyebrow={<BackTo {...page.listing} />}
      title={`Make an offer: ${partLabels[part].toLowerCase()}`}
      lead={`Listed at ${listPrice(data)}, ${termText(data.termMonths)}. Your offer binds you for 72 hours; the seller accepts, counters or declines. Nothing is paid before both of you have signed.`}
    >
      <Panel>
        <MakeOfferForm listingId={page.listing.id} part={part} form={data} />
      </Panel>
      {cost && !(cost.state === "unknown" && cost.reason === "no_answers") && (
        <Panel title="What a right answer costs at the listed price" id="cost" className="mt-5">
          <p>
            1,000 right answers: <CostText cost={listedCost(cost)} currency={data.currency} />
          </p>
          <CostDetails
            cost={cost}
            currency={data.currency}
            volume={volume}
            form={{ action: `/listings/${slug}/offer`, kept: [["part", part]] }}
          />
        </Panel>
      )}
    </Page>
  );
}
