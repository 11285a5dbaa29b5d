import { BackTo } from "../part-page";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { StandingOfferForm } from "@/components/deals/standing-offer-form";
import { Page } from "@/components/layout/page";
import { EmptyState } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import { requireActor } from "@/lib/accounts/session/session";
import { findOwnStandingOffers } from "@/lib/deals/queries/license-page";

export const metadata: Metadata = { title: "Standing offer", robots: { index: false } };

export default async function StandingOfferPage({ params }: PageProps<"/listings/[slug]/standing-offer">) {
  const { slug } = await params;
  const actor = await requireActor(`/listings/${slug}/standing-offer`);
  const page = await findOwnStandingOffers(actor, slug);
  if (!page) notFound();
  return (
    <Page
      width="medium"
      eyebrow={<BackTo slug={slug} title={page.title} />}
      title="Let buyers license at once"
      lead="Sign the listed terms of a part once. A buyer who accepts them then needs no answer from you: both signatures stand, the payment is held, the platform delivers."
    >
      {page.forms.length === 0 ? (
        <EmptyState title="There is nothing to sign" action={{ href: "/sell", text: "Your listings" }}>
          Only an open listing with a price for the whole term can have a standing offer.
        </EmptyState>
      ) : (
        <Panel>
          <StandingOfferForm listingId={page.listingId} accountId={actor.accountId} forms={page.forms} />
        </Panel>
      )}
    </Page>
  );
}
