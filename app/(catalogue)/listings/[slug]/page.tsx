import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { EnvelopeLine } from "@/components/catalogue/envelope-line";
import { IntervalChart } from "@/components/catalogue/interval-chart";
import { LimitationChip } from "@/components/catalogue/limitation-chip";
import { LimitationList } from "@/components/catalogue/limitation-list";
import { Block, StatedBlocks } from "@/components/catalogue/listing-block";
import { ListingNotices } from "@/components/catalogue/listing-notices";
import { nicheText } from "@/components/catalogue/listing-table";
import { OtherParts, PricePanel } from "@/components/catalogue/price-panel";
import { ProvesNothingOf } from "@/components/catalogue/proves-nothing-of";
import { Timeline } from "@/components/catalogue/timeline";
import { WatchButton } from "@/components/catalogue/watch-button";
import { WorksAndBreaks } from "@/components/catalogue/works-and-breaks";
import { CompletenessNote } from "@/components/evidence/completeness-note";
import { ClaimsNote } from "@/components/evidence/claims-note";
import { EvidenceCards } from "@/components/evidence/evidence-cards";
import { PassportLinks } from "@/components/evidence/passport-links";
import { Page } from "@/components/layout/page";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import { currentActor } from "@/lib/accounts/session/session";
import type { PartName } from "@/lib/catalogue/part";
import { findListing, type ListingView } from "@/lib/catalogue/queries/find-listing";
import { envelopeText } from "@/lib/catalogue/standing";
import { spanText } from "@/lib/catalogue/timeline";
import { listStandingOffers } from "@/lib/deals/queries/deal-room";
import type { EvaluationView } from "@/lib/evidence/evaluation-view";
import { type ClaimCounts, countClaims } from "@/lib/evidence/queries/claim-counts";
import { findLeadingEvaluation, type LeadingEvaluation } from "@/lib/evidence/queries/leading-evaluation";
import { listListingEvaluations } from "@/lib/evidence/queries/listing-evaluations";
import { type StatementsAbout, listStatementsAbout } from "@/lib/evidence/queries/statements-about";
import { currentTime } from "@/lib/platform/clock";
import { env } from "@/lib/platform/env";

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
  const ownLevel = levelOf((await searchParams).level);
  const { modelDigest } = listing.version;
  const [leading, evaluations, about, claims, offers, now] = await Promise.all([
    findLeadingEvaluation(listing.id, listing.version, ownLevel ?? listing.declaredLevel),
    listListingEvaluations(listing.id),
    modelDigest === null ? null : listStatementsAbout(modelDigest),
    countClaims(listing.id),
    listStandingOffers(listing.id),
    currentTime(),
  ]);
  const compare = `/compare?c=${encodeURIComponent(slug)}`;
  return (
    <Page
      eyebrow={nicheText(listing)}
      title={listing.title}
      lead={listing.summary}
      actions={
        <>
          <WatchButton
            listingId={listing.id}
            slug={slug}
            isWatched={listing.isWatched}
            isSignedIn={actor !== null}
          />
          <ButtonLink href={compare}>Compare</ButtonLink>
        </>
      }
    >
      <ListingNotices listing={listing} />
      <div className="grid gap-x-12 gap-y-6 lg:grid-cols-[minmax(0,1fr)_20rem] lg:grid-rows-[auto_1fr] lg:gap-y-0">
        <div className="min-w-0">
          <Envelope listing={listing} leading={leading} ownLevel={ownLevel} />
        </div>
        <Aside listing={listing} standing={offers.map(({ part }) => part)} isSignedIn={actor !== null} />
        <Sections
          listing={listing}
          leading={leading}
          evaluations={evaluations}
          about={about}
          claims={claims}
          now={now}
        />
      </div>
    </Page>
  );
}

type SectionsProps = {
  listing: ListingView;
  leading: LeadingEvaluation | null;
  evaluations: readonly EvaluationView[];
  about: StatementsAbout | null;
  claims: ClaimCounts;
  now: Date;
};

/** Everything below the fold, in the order a careful buyer asks. */
function Sections({ listing, leading, evaluations, about, claims, now }: SectionsProps) {
  return (
    <div className="min-w-0">
      <Block id="limits" title="Known limits">
        <LimitationList limitations={listing.limitations} />
      </Block>
      {leading && (
        <Block id="intervals" title="Every slice">
          <IntervalChart
            cells={leading.cells}
            overall={leading.overall}
            level={leading.level}
            csvHref={`/api/v1/evaluations/${leading.id}/slices`}
          />
        </Block>
      )}
      <Block id="evidence" title="Who stands behind it">
        {about && about.total > 0 && (
          <CompletenessNote counts={about} href={`/listings/${listing.slug}/statements`} />
        )}
        <EvidenceCards evaluations={evaluations} now={now} />
        <ClaimsNote counts={claims} />
        {listing.state === "open" && !listing.isTakenDown && <PassportLinks slug={listing.slug} />}
      </Block>
      <Block id="history" title="History">
        <Timeline entries={listing.timeline} now={now} />
      </Block>
      <StatedBlocks listing={listing} />
      <Block id="not-proven" title="What none of this proves">
        <ProvesNothingOf
          listing={listing}
          dataSetName={leading?.dataSetName ?? null}
          observed={leading?.observedFrom ? spanText(leading.observedFrom, leading.observedTo) : null}
        />
      </Block>
    </div>
  );
}

type EnvelopeProps = { listing: ListingView; leading: LeadingEvaluation | null; ownLevel: number | null };

function Envelope({ listing, leading, ownLevel }: EnvelopeProps) {
  if (!leading || leading.cells.length === 0)
    return (
      <EmptyState title="Nothing is shown to work yet">
        {listing.task === null
          ? "This listing claims no niche. It sells parts of a model, not its answers."
          : `No signed run of this model says where it is right. ${
              listing.isOwn
                ? "Revise the listing and add rows with labels and predictions: they are counted here."
                : "Ask the seller for one, or offer on what is stated."
            }`}
      </EmptyState>
    );
  return (
    <>
      <EnvelopeLine
        cells={leading.cells}
        level={leading.level}
        declaredLevel={listing.declaredLevel}
        isOwnLevel={ownLevel !== null}
        covered={leading.coverage?.share ?? null}
        slug={listing.slug}
      />
      <WorksAndBreaks cells={leading.cells} level={leading.level} />
    </>
  );
}

type AsideProps = { listing: ListingView; standing: readonly PartName[]; isSignedIn: boolean };

function Aside({ listing, standing, isSignedIn }: AsideProps) {
  const present = listing.limitations.filter((limitation) => limitation.presence === "present");
  return (
    <aside aria-label="Price and terms" className="grid content-start gap-4 lg:row-span-2">
      <PricePanel listing={listing} standing={standing} />
      <OtherParts listing={listing} standing={standing} />
      {present.length > 0 && (
        <Panel title="Known limits" className="max-lg:hidden">
          <p className="flex flex-wrap gap-1.5">
            {present.map(({ type }) => (
              <LimitationChip key={type} type={type} />
            ))}
          </p>
        </Panel>
      )}
      <p className="px-1 text-sm text-ink-3">
        Sold by <a href={`/people/${listing.seller.handle}`}>{listing.seller.displayName}</a>.{" "}
        {isSignedIn ? `Contact: ${listing.contact}. ` : ""}
        <a href={`/report?about=${encodeURIComponent(`/listings/${listing.slug}`)}`}>Report this listing</a>
      </p>
    </aside>
  );
}

function TakenDown({ title }: { title: string }) {
  return (
    <Page width="narrow" title={title}>
      <EmptyState
        title="A moderator took this listing down"
        action={<ButtonLink href="/">Browse the market</ButtonLink>}
      >
        What it offered is no longer shown. Licences that were sold before stay as their contracts say.
      </EmptyState>
    </Page>
  );
}

/** A reader's own level from the address: a share between 0.5 and 0.999, or null. */
function levelOf(value: string | string[] | undefined): number | null {
  if (typeof value !== "string" || !/^0\.\d{1,3}$/.test(value)) return null;
  const level = Number(value);
  return level >= 0.5 && level <= 0.999 ? level : null;
}
