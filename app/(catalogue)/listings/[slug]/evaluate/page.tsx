import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { SubmitEvaluationForm } from "@/components/selling/submit-evaluation-form";
import { Page } from "@/components/layout/page";
import { Notice } from "@/components/ui/notice";
import { requireActor } from "@/lib/accounts/session/session";
import { findListingToEvaluate } from "@/lib/evidence/queries/listing-to-evaluate";

type Props = { params: Promise<{ slug: string }> };

export const metadata: Metadata = { title: "Evaluate a listing" };

export default async function EvaluatePage({ params }: Props) {
  const { slug } = await params;
  const listing = await findListingToEvaluate(await requireActor(`/listings/${slug}/evaluate`), slug);
  if (!listing) notFound();
  return (
    <Page
      width="medium"
      eyebrow={<a href={`/listings/${slug}`}>{listing.title}</a>}
      title="Bring an independent evaluation"
      lead="Run the files on rows of your own and bring the predictions. Figures are counted here; nobody sees them until you sign, and then they stay."
    >
      <div className="grid gap-7">
        {listing.isLinked ? (
          <Notice tone="warning">
            You sell this listing or share in it, so a run of yours is not an independent one.
          </Notice>
        ) : (
          <SubmitEvaluationForm slug={slug} />
        )}
        {listing.slices.length > 0 && (
          <section className="grid gap-2">
            <h2>Slices to compare with</h2>
            <p className="max-w-[68ch] text-ink-2">
              Name your slice columns like these, with true or false in each row, and your run can confirm or
              deny the one measured before.
            </p>
            <ul className="grid gap-1 text-sm">
              {listing.slices.map(({ slice, name }) => (
                <li key={slice}>
                  <code className="font-mono">{slice}</code> <span className="text-ink-2">{name}</span>
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </Page>
  );
}
