import type { Metadata } from "next";
import { Page } from "@/components/layout/page";
import { EmptyState } from "@/components/ui/notice";
import { requireActor } from "@/lib/accounts/session/session";
import { type RunRow, listOwnRuns } from "@/lib/selling/queries/runs";

export const metadata: Metadata = { title: "Runs" };

const stands: Record<RunRow["phase"], string> = {
  queued: "waits",
  preparing: "reads its rows",
  running: "runs",
  counting: "counts",
  done: "counted, not published",
  failed: "failed",
  cancelled: "cancelled",
};

/** Every run that the reader asked for. */
export default async function RunsPage() {
  const runs = await listOwnRuns(await requireActor("/runs"));
  return (
    <Page width="medium" title="Runs" lead="What you had measured here, the newest first; at most 50.">
      {runs.length === 0 ? (
        <EmptyState title="You have asked for no run" action={{ href: "/", text: "Browse the market" }}>
          On a listing that runs here, “Have it measured here” runs its files on rows of yours.
        </EmptyState>
      ) : (
        <ul className="grid gap-3">
          {runs.map((run) => (
            <li key={run.id} className="grid gap-1 border-b border-line pb-3">
              <a href={`/runs/${run.id}`} className="link justify-self-start">
                {run.dataSetName}
              </a>
              <span className="text-sm text-ink-2">
                {run.listingTitle}: {run.evaluationId === null ? stands[run.phase] : "published"}
                {run.phase === "running" && `, ${run.percent} %`}, asked for on{" "}
                {run.askedAt.toISOString().slice(0, 10)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Page>
  );
}
