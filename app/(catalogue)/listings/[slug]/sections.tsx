import { IntervalChart } from "@/components/catalogue/interval-chart";
import { LimitationList } from "@/components/catalogue/limitation-list";
import { Block, StatedBlocks } from "@/components/catalogue/listing-block";
import { ProvesNothingOf } from "@/components/catalogue/proves-nothing-of";
import { Timeline } from "@/components/catalogue/timeline";
import { ClaimsNote } from "@/components/evidence/claims-note";
import { CompletenessNote } from "@/components/evidence/completeness-note";
import { EvidenceCards } from "@/components/evidence/evidence-cards";
import { PassportLinks } from "@/components/evidence/passport-links";
import type { ListingView } from "@/lib/catalogue/queries/find-listing";
import { spanText } from "@/lib/catalogue/timeline";
import type { EvaluationView } from "@/lib/evidence/evaluation-view";
import type { ClaimCounts } from "@/lib/evidence/queries/claim-counts";
import type { LeadingEvaluation } from "@/lib/evidence/queries/leading-evaluation";
import type { StatementsAbout } from "@/lib/evidence/queries/statements-about";

type SectionsProps = {
  listing: ListingView;
  leading: LeadingEvaluation | null;
  evaluations: readonly EvaluationView[];
  about: StatementsAbout | null;
  claims: ClaimCounts;
  now: Date;
};

/** Everything below the fold, in the order a careful buyer asks. */
export function ListingSections({ listing, leading, evaluations, about, claims, now }: SectionsProps) {
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
