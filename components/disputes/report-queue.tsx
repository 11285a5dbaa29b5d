import { Moment } from "@/components/ui/moment";
import { EmptyState } from "@/components/ui/notice";
import { TextLink } from "@/components/ui/text-link";
import type { ReportView } from "@/lib/disputes/queries/disputes";
import { reportReasons } from "@/lib/disputes/report";

/** Open reports, the oldest first. */
export function ReportQueue({ reports, now }: { reports: readonly ReportView[]; now: Date }) {
  return (
    <section aria-labelledby="reports" className="grid gap-3">
      <h2 id="reports">Reports ({reports.length})</h2>
      {reports.length === 0 ? (
        <EmptyState title="No open reports">Everything reported so far has been decided.</EmptyState>
      ) : (
        <ul className="grid gap-2">
          {reports.map((report) => (
            <li key={report.id} className="rounded-lg border border-line bg-surface px-5 py-4">
              <p className="flex flex-wrap justify-between gap-x-6">
                <TextLink className="font-medium break-all" href={`/moderation/reports/${report.id}`}>
                  {report.listing?.title ?? report.account?.displayName ?? report.pageUrl}
                </TextLink>
                <span className="text-sm text-ink-3">
                  <Moment at={report.createdAt} now={now} />
                </span>
              </p>
              <p className="text-sm text-ochre">{reportReasons[report.reason]}</p>
              <p className="line-clamp-2 text-sm text-ink-2">{report.body}</p>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
