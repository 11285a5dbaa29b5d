import { BackTo, RefusedPartPage, listPrice } from "../part-page";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { MakeOfferForm } from "@/components/deals/make-offer-form";
import { Page } from "@/components/layout/page";
import { Panel } from "@/components/ui/panel";
import { requireActor } from "@/lib/accounts/session/session";
import { partLabels, termText } from "@/lib/catalogue/part";
import { findOfferPage, partOf } from "@/lib/deals/queries/license-page";

export const metadata: Metadata = { title: "Make an offer", robots: { index: false } };

export default async function OfferPage({ params, searchParams }: PageProps<"/listings/[slug]/offer">) {
  const { slug } = await params;
  const part = partOf((await searchParams)["part"]);
  const actor = await requireActor(`/listings/${slug}/offer?part=${part}`);
  const page = await findOfferPage(actor, slug, part);
  if (!page) notFound();
  if (page.kind === "refused") return <RefusedPartPage title="Make an offer" page={page} />;
  const { data } = page;
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
    </Page>
  );
}
