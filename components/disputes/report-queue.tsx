import { Moment } from "@/components/ui/moment";
import { TextLink } from "@/components/ui/text-link";
import type { ReportView } from "@/lib/disputes/queries/disputes";
import { reportReasons } from "@/lib/disputes/report";
import { Queue } from "./queue";

/** Open reports, the oldest first. */
export function ReportQueue({ reports, now }: { reports: readonly ReportView[]; now: Date }) {
  return (
    <Queue
      id="reports"
      title="Reports"
      rows={reports}
      empty={["No open reports", "Everything reported so far has been decided."]}
    >
      {(report) => (
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
      )}
    </Queue>
  );
}
