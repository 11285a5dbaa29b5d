import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ReportDesk } from "@/components/disputes/report-desk";
import { subjectTitle } from "@/components/disputes/report-queue";
import { Page } from "@/components/layout/page";
import { TextLink } from "@/components/ui/text-link";
import { requireOperator } from "@/lib/accounts/session/session";
import { findReport } from "@/lib/disputes/queries/reports";
import { currentTime } from "@/lib/platform/clock";

export const metadata: Metadata = { title: "Report" };

export default async function ReportDeskPage({ params }: PageProps<"/moderation/reports/[reportId]">) {
  const { reportId } = await params;
  const actor = await requireOperator(`/moderation/reports/${reportId}`, "moderator");
  const [report, now] = await Promise.all([findReport(actor, reportId), currentTime()]);
  if (!report) notFound();
  return (
    <Page
      width="medium"
      eyebrow={
        <TextLink href={`/moderation/reported/${report.subject.id}`}>Everything reported here</TextLink>
      }
      title={`Report about ${subjectTitle(report.subject)}`}
    >
      <ReportDesk report={report} now={now} />
    </Page>
  );
}
