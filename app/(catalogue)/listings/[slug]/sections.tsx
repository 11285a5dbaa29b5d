import { HowItRuns } from "@/components/catalogue/how-it-runs";
import { IntervalChart } from "@/components/catalogue/interval-chart";
import { LimitationList } from "@/components/catalogue/limitation-list";
import { Block, StatedBlocks } from "@/components/catalogue/listing-block";
import { ProvesNothingOf } from "@/components/catalogue/proves-nothing-of";
import { Timeline } from "@/components/catalogue/timeline";
import { AttemptsNote } from "@/components/evidence/attempts-note";
import { ClaimsNote } from "@/components/evidence/claims-note";
import { CompletenessNote } from "@/components/evidence/completeness-note";
import { EvidenceCards } from "@/components/evidence/evidence-cards";
import { PassportLinks } from "@/components/evidence/passport-links";
import type { ShownContract } from "@/lib/inference/queries/contract-shown";
import type { ListingView } from "@/lib/catalogue/queries/find-listing";
import { originText } from "@/lib/catalogue/cost-text";
import { spanText } from "@/lib/catalogue/timeline";
import type { EvaluationView } from "@/lib/evidence/evaluation-view";
import type { ClaimCounts } from "@/lib/evidence/queries/claim-counts";
import type { ListingFigures } from "@/lib/evidence/queries/leading-evaluation";
import { withVerdicts } from "@/lib/evidence/timeline-verdicts";
import type { StatementsAbout } from "@/lib/evidence/queries/statements-about";
import { countAttempts } from "@/lib/statements/run-attempts";

type SectionsProps = {
  listing: ListingView;
  figures: ListingFigures;
  ownLevel: number | null;
  evaluations: readonly EvaluationView[];
  about: StatementsAbout | null;
  claims: ClaimCounts;
  run: ShownContract | null;
  now: Date;
};

/** Everything below the fold, in the order a careful buyer asks. */
export function ListingSections({ listing, figures, ownLevel, evaluations, ...rest }: SectionsProps) {
  const { about, claims, run, now } = rest;
  const { leading, limitations } = figures;
  return (
    <div className="min-w-0">
      <Block id="limits" title="Known limits">
        <LimitationList limitations={limitations} />
      </Block>
      {leading && (
        <Block id="intervals" title="Every slice">
          <IntervalChart
            cells={leading.cells}
            overall={{ ...leading.overall, clusters: leading.overall.clustered?.n ?? null }}
            level={leading.level}
            origin={originText({ ...leading, at: leading.finishedAt })}
            csvHref={`/api/v1/evaluations/${leading.id}/slices${ownLevel === null ? "" : `?level=${ownLevel}`}`}
          />
        </Block>
      )}
      <Block id="evidence" title="Who stands behind it">
        {about && about.total > 0 && (
          <CompletenessNote counts={about} href={`/listings/${listing.slug}/statements`} />
        )}
        <AttemptsNote
          counts={countAttempts(about?.statements ?? [])}
          href={isMeasurable(listing) ? `/listings/${listing.slug}/measure` : null}
        />
        <EvidenceCards evaluations={evaluations} now={now} />
        <ClaimsNote counts={claims} />
        {listing.state === "open" && !listing.isTakenDown && <PassportLinks slug={listing.slug} />}
      </Block>
      {run && (
        <Block id="run" title="How it runs">
          <HowItRuns contract={run} />
        </Block>
      )}
      <Block id="history" title="History">
        <Timeline entries={withVerdicts(listing.timeline, evaluations)} now={now} />
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

/** Its version says how it is run, and it can be found. */
function isMeasurable({ state, isTakenDown, version }: ListingView): boolean {
  return state === "open" && !isTakenDown && version.kind === "files" && version.runContractSha256 !== null;
}
