import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { EnvelopeStrip } from "@/components/catalogue/envelope-strip";
import { Block, StatedBlocks } from "@/components/catalogue/listing-block";
import { LimitationList } from "@/components/catalogue/limitation-list";
import { nicheText } from "@/components/catalogue/listing-table";
import { OtherParts, PricePanel } from "@/components/catalogue/price-panel";
import { ProvesNothingOf } from "@/components/catalogue/proves-nothing-of";
import { LeftToDo } from "@/components/selling/left-to-do";
import { Timeline } from "@/components/catalogue/timeline";
import { WorksAndBreaks } from "@/components/catalogue/works-and-breaks";
import { Page } from "@/components/layout/page";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState, Notice } from "@/components/ui/notice";
import type { ListingView } from "@/lib/catalogue/queries/find-listing";
import { requireActor } from "@/lib/accounts/session/session";
import { previewOf } from "@/lib/selling/preview";
import { findDraft } from "@/lib/selling/queries/drafts";
import { type EnvelopeCell, envelopeText } from "@/lib/catalogue/standing";
import { levelText, originText } from "@/lib/catalogue/cost-text";
import { computeRate } from "@/lib/evidence/queries/leading-evaluation";
import { redrawVerdicts } from "@/lib/measurement/evaluation";
import { listDraftEvaluations } from "@/lib/selling/queries/own-evaluations";
import { readDescription } from "@/lib/catalogue/queries/read-description";
import { DomainError } from "@/lib/shared/domain-error";
import { currentTime } from "@/lib/platform/clock";

export const metadata: Metadata = { title: "Preview" };

/** The draft as its buyers would see it, for its seller alone. */
export default async function PreviewPage({ params }: PageProps<"/sell/[draftId]/preview">) {
  const { draftId } = await params;
  const actor = await requireActor(`/sell/${draftId}/preview`);
  const draft = await findDraft(actor, draftId);
  if (!draft) notFound();
  const [evaluations, now] = await Promise.all([listDraftEvaluations(actor, draftId), currentTime()]);
  const level = Number(draft.fields.declaredLevel) || null;
  const latest = evaluations[0];
  const summary = latest && (level ? redrawVerdicts(latest.summary, level) : latest.summary);
  const isSigned = latest?.toSign.state === "signed";
  const seller = { accountId: actor.accountId, handle: actor.handle, displayName: actor.displayName };
  const words = await wordsOrRefusal(actor.accountId, draft.listing.description ?? "");
  const { listing, cost } = previewOf({
    draft,
    seller,
    summary: summary ?? null,
    dataSetName: latest?.dataSetName ?? "",
    rateMinorPerHour: computeRate(),
    now,
    descriptionNodes: words.nodes,
  });
  return (
    <>
      <div className="sticky top-0 z-10 border-b border-line bg-sunken">
        <div className="mx-auto flex max-w-7xl flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2 sm:px-8">
          <p className="min-w-0 flex-1 basis-60">Preview. Nobody but you sees this page.</p>
          <ButtonLink href={`/sell/${draftId}`}>Back to the draft</ButtonLink>
        </div>
      </div>
      <Page eyebrow={nicheText(listing)} title={listing.title} lead={listing.summary}>
        {words.refusal && (
          <div className="pb-6">
            <Notice tone="warning">{words.refusal}</Notice>
          </div>
        )}
        {draft.problems.length > 0 && (
          <div className="pb-6">
            <Notice tone="warning">
              <p className="pb-1 font-medium">Not ready to be published</p>
              <LeftToDo problems={draft.problems} base={`/sell/${draftId}`} />
            </Notice>
          </div>
        )}
        <div className="grid gap-x-12 gap-y-6 lg:grid-cols-[minmax(0,1fr)_20rem] lg:grid-rows-[auto_1fr] lg:gap-y-0">
          <Shown
            cells={listing.envelope}
            level={summary?.level ?? null}
            isSigned={isSigned}
            origin={originText({
              grade: listing.evidenceGrade,
              at: now,
              dataSetName: latest?.dataSetName ?? "",
            })}
          />
          <aside aria-label="Price and terms" className="grid content-start gap-4 lg:row-span-2">
            <PricePanel listing={listing} standing={[]} cost={cost} />
            <OtherParts listing={listing} standing={[]} />
          </aside>
          <Sections listing={listing} dataSetName={latest?.dataSetName ?? null} now={now} />
        </div>
      </Page>
    </>
  );
}

type SectionsProps = { listing: ListingView; dataSetName: string | null; now: Date };

function Sections({ listing, dataSetName, now }: SectionsProps) {
  return (
    <div className="min-w-0">
      <Block id="limits" title="Known limits">
        <LimitationList limitations={listing.limitations} />
      </Block>
      <Block id="history" title="History">
        <Timeline entries={listing.timeline} now={now} />
      </Block>
      <StatedBlocks listing={listing} />
      <Block id="not-proven" title="What none of this proves">
        <ProvesNothingOf listing={listing} dataSetName={dataSetName} observed={null} />
      </Block>
    </div>
  );
}

/** The description as its readers would see it, or why they would not. */
async function wordsOrRefusal(accountId: string, description: string) {
  try {
    return { nodes: (await readDescription(accountId, description)).nodes, refusal: null };
  } catch (error) {
    if (error instanceof DomainError) return { nodes: null, refusal: error.message };
    throw error;
  }
}

type ShownProps = { cells: EnvelopeCell[]; level: number | null; isSigned: boolean; origin: string };

function Shown({ cells, level, isSigned, origin }: ShownProps) {
  if (level === null) {
    return (
      <EmptyState title="Nothing is shown to work yet">
        Without a signed evaluation your niche reads “stated, not shown”.
      </EmptyState>
    );
  }
  return (
    <div className="grid content-start gap-4">
      <p className="flex flex-wrap items-center gap-4">
        <EnvelopeStrip cells={cells} isLarge />
        <span className="first-letter:uppercase">
          {envelopeText(cells)} at {levelText(level)}
        </span>
      </p>
      {!isSigned && (
        <Notice tone="warning">You have not signed this evaluation: buyers would not see it.</Notice>
      )}
      <WorksAndBreaks cells={cells} level={level} origin={origin} />
    </div>
  );
}
