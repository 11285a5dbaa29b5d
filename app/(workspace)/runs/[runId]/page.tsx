import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Page } from "@/components/layout/page";
import { LiveRun } from "@/components/runs/live-run";
import { RunOutcome } from "@/components/runs/run-outcome";
import { RunStanding } from "@/components/runs/run-standing";
import { requireActor } from "@/lib/accounts/session/session";
import { findOwnRun } from "@/lib/selling/queries/runs";

export const metadata: Metadata = { title: "A run" };

/** Where a run stands that somebody asked for, for them alone. */
export default async function RunPage({ params }: PageProps<"/runs/[runId]">) {
  const { runId } = await params;
  const run = await findOwnRun(await requireActor(`/runs/${runId}`), runId);
  if (!run) notFound();
  const { listing, progress } = run;
  return (
    <Page
      width="medium"
      eyebrow={listing ? <a href={`/listings/${listing.slug}`}>{listing.title}</a> : <a href="/runs">Runs</a>}
      title={run.dataSetName}
      lead={`${run.rowsFileName}, run here on the files of the listing. You may leave this page: the run goes on.`}
    >
      <div className="grid gap-6">
        {progress.isEnded ? (
          <RunStanding progress={progress} />
        ) : (
          <LiveRun key={`${progress.phase} ${progress.isStopping}`} runId={runId} initial={progress} />
        )}
        <RunOutcome run={run} />
      </div>
    </Page>
  );
}
