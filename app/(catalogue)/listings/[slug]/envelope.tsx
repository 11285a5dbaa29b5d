import { EnvelopeLine } from "@/components/catalogue/envelope-line";
import { WorksAndBreaks } from "@/components/catalogue/works-and-breaks";
import { EmptyState } from "@/components/ui/notice";
import { originText } from "@/lib/catalogue/cost-text";
import type { ListingView } from "@/lib/catalogue/queries/find-listing";
import type { LeadingEvaluation } from "@/lib/evidence/queries/leading-evaluation";

type EnvelopeProps = {
  listing: ListingView;
  leading: LeadingEvaluation | null;
  ownLevel: number | null;
  kept: readonly (readonly [name: string, value: string])[];
};

export function ListingEnvelope({ listing, leading, ownLevel, kept }: EnvelopeProps) {
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
        rows={leading.overall.n}
        slug={listing.slug}
        kept={kept}
      />
      <WorksAndBreaks
        cells={leading.cells}
        level={leading.level}
        origin={originText({ ...leading, at: leading.finishedAt })}
      />
    </>
  );
}
