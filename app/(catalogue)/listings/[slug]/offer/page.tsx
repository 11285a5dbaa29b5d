import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { MakeOfferForm } from "@/components/deals/make-offer-form";
import { PartRefusal } from "@/components/deals/part-refusal";
import { Page } from "@/components/layout/page";
import { Panel } from "@/components/ui/panel";
import { requireActor } from "@/lib/accounts/session/session";
import { partLabels, termText } from "@/lib/catalogue/part";
import { findOfferPage, partOf } from "@/lib/deals/queries/license-page";
import { formatMoney, money } from "@/lib/shared/money";

export const metadata: Metadata = { title: "Make an offer", robots: { index: false } };

export default async function OfferPage({ params, searchParams }: PageProps<"/listings/[slug]/offer">) {
  const { slug } = await params;
  const part = partOf((await searchParams)["part"]);
  const actor = await requireActor(`/listings/${slug}/offer?part=${part}`);
  const page = await findOfferPage(actor, slug, part);
  if (!page) notFound();
  const back = (
    <a className="link" href={`/listings/${slug}`}>
      {page.listing.title}
    </a>
  );
  if (page.kind === "refused") {
    return (
      <Page width="medium" eyebrow={back} title="Make an offer">
        <PartRefusal {...page} />
      </Page>
    );
  }
  const { data } = page;
  const listed = data.priceMinor === 0n ? "free" : formatMoney(money(data.priceMinor, data.currency));
  return (
    <Page
      width="medium"
      eyebrow={back}
      title={`Make an offer: ${partLabels[part].toLowerCase()}`}
      lead={`Listed at ${listed}, ${termText(data.termMonths)}. Your offer binds you for 72 hours; the seller accepts, counters or declines. Nothing is paid before both of you have signed.`}
    >
      <Panel>
        <MakeOfferForm listingId={page.listing.id} part={part} form={data} />
      </Panel>
    </Page>
  );
}
