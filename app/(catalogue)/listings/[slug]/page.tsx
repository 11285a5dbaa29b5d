import { ListingAside } from "./aside";
import { ListingEnvelope } from "./envelope";
import { ListingSections } from "./sections";
import { ListingNotices } from "@/components/catalogue/listing-notices";
import { nicheText } from "@/components/catalogue/listing-table";
import { WatchButton } from "@/components/catalogue/watch-button";
import { Page } from "@/components/layout/page";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/notice";
import { currentActor } from "@/lib/accounts/session/session";
import { levelOf } from "@/lib/catalogue/niche";
import { type ListingView, findListing } from "@/lib/catalogue/queries/find-listing";
import { envelopeText } from "@/lib/catalogue/standing";
import { listStandingOffers } from "@/lib/deals/queries/deal-room";
import { countClaims } from "@/lib/evidence/queries/claim-counts";
import { findFigures } from "@/lib/evidence/queries/leading-evaluation";
import { listListingEvaluations } from "@/lib/evidence/queries/listing-evaluations";
import { listStatementsAbout } from "@/lib/evidence/queries/statements-about";
import { readVolume } from "@/lib/measurement/volume";
import { findShownContract } from "@/lib/inference/queries/contract-shown";
import { currentTime } from "@/lib/platform/clock";
import { env } from "@/lib/platform/env";
import type { Metadata } from "next";
import { notFound } from "next/navigation";

type Props = PageProps<"/listings/[slug]">;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { slug } = await params;
  const found = await findListing(null, slug);
  if (!found || found.kind === "taken_down") return { title: "Listing", robots: { index: false } };
  const description = [found.summary, `${nicheText(found)}: ${envelopeText(found.envelope)}.`]
    .filter(Boolean)
    .join(" ");
  return {
    metadataBase: new URL(env().APP_ORIGIN),
    title: found.title,
    description,
    alternates: { canonical: `/listings/${slug}` },
    openGraph: {
      title: found.title,
      description,
      type: "website",
      url: `/listings/${slug}`,
      siteName: "Offcut",
    },
  };
}

export default async function ListingPage({ params, searchParams }: Props) {
  const { slug } = await params;
  const actor = await currentActor();
  const listing = await findListing(actor, slug);
  if (!listing) notFound();
  if (listing.kind === "taken_down") return <TakenDown title={listing.title} />;
  const asked = await searchParams;
  const ownLevel = levelOf(asked.level);
  const volume = readVolume(asked.calls, asked.months);
  const { modelDigest } = listing.version;
  const [figures, evaluations, about, claims, offers, run, now] = await Promise.all([
    findFigures(listing, { level: ownLevel, volume: volume.volume }),
    listListingEvaluations(listing.id, ownLevel),
    modelDigest === null ? null : listStatementsAbout(modelDigest),
    countClaims(listing.id),
    listStandingOffers(listing.id),
    findShownContract(listing.version.id),
    currentTime(),
  ]);
  const keptLevel = ownLevel === null ? [] : [["level", String(ownLevel)] as const];
  const keptVolume = volume.isOwn ? Object.entries(volume.typed) : [];
  const compare = `/compare?${new URLSearchParams([["c", slug], ...keptVolume])}`;
  return (
    <Page
      eyebrow={nicheText(listing)}
      title={listing.title}
      lead={listing.summary}
      actions={<ListingActions listing={listing} isSignedIn={actor !== null} compare={compare} />}
    >
      <ListingNotices listing={listing} />
      <div className="grid gap-x-12 gap-y-6 lg:grid-cols-[minmax(0,1fr)_20rem] lg:grid-rows-[auto_1fr] lg:gap-y-0">
        <div className="min-w-0">
          <ListingEnvelope
            listing={listing}
            leading={figures.leading}
            ownLevel={ownLevel}
            kept={keptVolume}
          />
        </div>
        <ListingAside
          listing={listing}
          standing={offers.map(({ part }) => part)}
          cost={figures.cost}
          volume={{ volume, form: { action: `/listings/${slug}`, kept: keptLevel } }}
          isSignedIn={actor !== null}
        />
        <ListingSections
          listing={listing}
          figures={figures}
          ownLevel={ownLevel}
          evaluations={evaluations}
          about={about}
          claims={claims}
          run={run}
          now={now}
        />
      </div>
    </Page>
  );
}

type ActionsProps = { listing: ListingView; isSignedIn: boolean; compare: string };

function ListingActions({ listing, isSignedIn, compare }: ActionsProps) {
  const { id, slug, isWatched, version } = listing;
  return (
    <>
      <WatchButton listingId={id} slug={slug} isWatched={isWatched} isSignedIn={isSignedIn} />
      {version.runContractSha256 !== null && <ButtonLink href={`/listings/${slug}/try`}>Try it</ButtonLink>}
      <ButtonLink href={compare}>Compare</ButtonLink>
    </>
  );
}

function TakenDown({ title }: { title: string }) {
  return (
    <Page width="narrow" title={title}>
      <EmptyState
        title="A moderator took this listing down"
        action={{ href: "/", text: "Browse the market" }}
      >
        What it offered is no longer shown. Licences that were sold before stay as their contracts say.
      </EmptyState>
    </Page>
  );
}
