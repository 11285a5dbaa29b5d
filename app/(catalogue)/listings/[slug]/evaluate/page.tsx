import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { SubmitEvaluationForm } from "@/components/selling/submit-evaluation-form";
import { Page } from "@/components/layout/page";
import { Notice } from "@/components/ui/notice";
import { requireActor } from "@/lib/accounts/session/session";
import { MAX_RUN_ROWS } from "@/lib/inference/evaluation-run";
import { type ListingToEvaluate, findListingToEvaluate } from "@/lib/selling/queries/listing-to-evaluate";

type Props = { params: Promise<{ slug: string }> };

export const metadata: Metadata = { title: "Evaluate a listing" };

/** What makes a run more than its speaker's word, and which columns that takes here. */
function WhatBinds({ runnable }: { runnable: ListingToEvaluate["runnable"] }) {
  return (
    <section className="grid max-w-[68ch] gap-2">
      <h2>What binds a run to the files</h2>
      <p className="text-ink-2">
        Answers alone do not show that these files gave them. Where the files can be run here and your rows
        hold their inputs, Offcut runs them again on all of them. When every answer is the same and no
        confidence is off by more than 0.00001, your signature makes the run independent evidence. When one
        differs, the file is refused and the first rows that differ are shown. Everything else stays your
        word, and reads so.
      </p>
      {"reason" in runnable ? (
        <p className="text-ochre">A run of this listing stays your word: {runnable.reason}</p>
      ) : (
        <>
          <p className="text-ink-2">
            For this listing give {runnable.columns.length === 1 ? "the column" : "the columns"}{" "}
            {runnable.columns.map((name, at) => (
              <span key={name}>
                {at > 0 && ", "}
                <code className="font-mono">{name}</code>
              </span>
            ))}
            , at most {MAX_RUN_ROWS.toLocaleString("en")} rows, and write confidences with six places or more.
          </p>
          <p className="text-ink-2">
            Labels and predictions are these, letter for letter: {runnable.classes.slice(0, 40).join(", ")}
            {runnable.classes.length > 40 && ` and ${runnable.classes.length - 40} more`}.
          </p>
        </>
      )}
    </section>
  );
}

export default async function EvaluatePage({ params }: Props) {
  const { slug } = await params;
  const listing = await findListingToEvaluate(await requireActor(`/listings/${slug}/evaluate`), slug);
  if (!listing) notFound();
  return (
    <Page
      width="medium"
      eyebrow={<a href={`/listings/${slug}`}>{listing.title}</a>}
      title="Bring an independent evaluation"
      lead="Run the files on rows of your own and bring the predictions with their inputs. Figures are counted here; nobody sees them until you sign, and then they stay."
    >
      <div className="grid gap-7">
        {listing.isLinked ? (
          <Notice tone="warning">
            You sell this listing or share in one of its seller’s, so a run of yours is not an independent
            one.
          </Notice>
        ) : (
          <SubmitEvaluationForm slug={slug} />
        )}
        <WhatBinds runnable={listing.runnable} />
        {listing.slices.length > 0 && (
          <section className="grid gap-2">
            <h2>Slices to compare with</h2>
            <p className="max-w-[68ch] text-ink-2">
              These were judged before. Yours are judged by the same conditions where your file has the
              columns they ask for, under the same names and with the same values, so that your run can
              confirm or deny them.
            </p>
            <ul className="grid gap-1 text-sm">
              {listing.slices.map(({ slice, name, columns }) => (
                <li key={slice}>
                  {name}{" "}
                  <span className="text-ink-2">
                    {columns.length === 0 ? "(needs no column)" : "needs "}
                    {columns.map((column, at) => (
                      <span key={column}>
                        {at > 0 && ", "}
                        <code className="font-mono">{column}</code>
                      </span>
                    ))}
                  </span>
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </Page>
  );
}
