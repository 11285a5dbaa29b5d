import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { CloseReportsForm, SanctionForms } from "@/components/disputes/report-desk";
import { Pages, ReasonCounts, ReportSpan, subjectTitle } from "@/components/disputes/report-queue";
import { Page } from "@/components/layout/page";
import { Moment } from "@/components/ui/moment";
import { EmptyState } from "@/components/ui/notice";
import { TextLink } from "@/components/ui/text-link";
import { requireOperator } from "@/lib/accounts/session/session";
import { findReported } from "@/lib/disputes/queries/reports";
import { reportReasons } from "@/lib/disputes/report";
import { reportPageInput } from "@/lib/disputes/schemas";
import { currentTime } from "@/lib/platform/clock";

export const metadata: Metadata = { title: "Reports" };

export default async function ReportedPage({
  params,
  searchParams,
}: PageProps<"/moderation/reported/[subjectId]">) {
  const { subjectId } = await params;
  const actor = await requireOperator(`/moderation/reported/${subjectId}`, "moderator");
  const { after } = reportPageInput.parse(await searchParams);
  const [found, now] = await Promise.all([findReported(actor, subjectId, after), currentTime()]);
  if (!found) notFound();
  const { subject, open, reports, next } = found;
  return (
    <Page
      width="medium"
      eyebrow={<TextLink href="/moderation">Moderation</TextLink>}
      title={`Reports about ${subjectTitle(subject)}`}
      lead={open ? <ReportSpan subject={open} now={now} /> : undefined}
    >
      <div className="grid gap-5">
        {open && <ReasonCounts subject={open} />}
        {reports.length === 0 ? (
          <EmptyState title={open ? "No further reports" : "No open reports"}>
            {open ? "The list ends before this page." : "Everything reported here has been decided."}
          </EmptyState>
        ) : (
          <ul className="grid gap-2">
            {reports.map((report) => (
              <li key={report.id} className="rounded-lg border border-line bg-surface px-5 py-4">
                <p className="flex flex-wrap justify-between gap-x-6">
                  <TextLink className="font-medium" href={`/moderation/reports/${report.id}`}>
                    {reportReasons[report.reason]}
                  </TextLink>
                  <span className="text-sm text-ink-3">
                    {report.reporterName ?? "somebody not signed in"},{" "}
                    <Moment at={report.createdAt} now={now} />
                  </span>
                </p>
                <p className="line-clamp-3 text-sm break-words text-ink-2">{report.body}</p>
              </li>
            ))}
          </ul>
        )}
        <Pages at={`/moderation/reported/${subjectId}`} isFirstPage={after === null} next={next} />
        <SanctionForms subject={subject} />
        {open && <CloseReportsForm subject={open} />}
      </div>
    </Page>
  );
}
