import type { Metadata } from "next";
import { cookies } from "next/headers";
import { notFound } from "next/navigation";
import { Page } from "@/components/layout/page";
import { AskForRunForm } from "@/components/runs/ask-for-run-form";
import { EmptyState, Notice } from "@/components/ui/notice";
import { RefusalText } from "@/components/ui/refusal-text";
import { requireActor } from "@/lib/accounts/session/session";
import { MAX_RUN_ROWS } from "@/lib/inference/evaluation-run";
import { type ListingToMeasure, findListingToMeasure } from "@/lib/selling/queries/runs";
import { readUploadNote, uploadNoteCookie } from "@/lib/selling/upload-note";

export const metadata: Metadata = { title: "Have it measured here" };

const LISTED_CLASSES = 40;

export default async function MeasurePage({ params }: PageProps<"/listings/[slug]/measure">) {
  const { slug } = await params;
  const listing = await findListingToMeasure(await requireActor(`/listings/${slug}/measure`), slug);
  if (!listing) notFound();
  const { runnable, isLinked } = listing;
  const note = readUploadNote((await cookies()).get(uploadNoteCookie)?.value);
  return (
    <Page
      width="medium"
      eyebrow={<a href={`/listings/${slug}`}>{listing.title}</a>}
      title="Have it measured here"
      lead="Bring rows that the seller does not hold. Offcut runs the very files of this listing on them and counts. You see what came out first, and you decide whether it is published."
    >
      <div className="grid gap-7">
        {note?.place === "measure" && (
          <Notice tone="warning">
            <RefusalText text={note.text} />
          </Notice>
        )}
        {"reason" in runnable ? (
          <EmptyState
            title="This one is not run here"
            action={{ href: `/listings/${slug}`, text: "Back to the listing" }}
          >
            {runnable.reason}
          </EmptyState>
        ) : isLinked ? (
          <Notice tone="warning">
            You sell this listing or share in one of its seller’s, so a run that you ask for is not an
            independent one.
          </Notice>
        ) : (
          <>
            <AskForRunForm slug={slug} isMedia={runnable.isMedia} />
            <WhatRowsHold listing={{ ...listing, runnable }} />
          </>
        )}
      </div>
    </Page>
  );
}

type Runnable = Exclude<ListingToMeasure["runnable"], { reason: string }>;

function WhatRowsHold({ listing }: { listing: ListingToMeasure & { runnable: Runnable } }) {
  const { columns, classes } = listing.runnable;
  const compared = [...new Set(listing.slices.flatMap(({ columns: asked }) => asked))];
  return (
    <section className="grid max-w-[68ch] gap-2 text-ink-2">
      <h2 className="text-ink">What the rows hold, and what happens</h2>
      <p>
        The column <code className="font-mono">label</code> and{" "}
        {columns.length === 1 ? "the column " : "the columns "}
        <Names of={columns} />, at most {MAX_RUN_ROWS.toLocaleString("en")} rows. Labels never reach the
        process that runs the files.
      </p>
      {classes.length > 0 && (
        <p>
          Labels are these, letter for letter: {classes.slice(0, LISTED_CLASSES).join(", ")}
          {classes.length > LISTED_CLASSES && ` and ${classes.length - LISTED_CLASSES} more`}.
        </p>
      )}
      {compared.length > 0 && (
        <p>
          Give the columns <Names of={compared} /> too, and your run is judged by the slices that this listing
          was judged by before.
        </p>
      )}
      <p>
        Before the first row is run, the log states who asked, for which files and rows. It counts on the
        listing whether you publish what came out or not. Rows whose inputs the seller had before are left
        out. A row that cannot be run counts as wrong, and the figure says how far that bounds it.
      </p>
    </section>
  );
}

function Names({ of }: { of: readonly string[] }) {
  return of.map((name, at) => (
    <span key={name}>
      {at > 0 && ", "}
      <code className="font-mono">{name}</code>
    </span>
  ));
}
