import type { Metadata } from "next";
import { ReportForm } from "@/components/disputes/report-form";
import { Page } from "@/components/layout/page";

export const metadata: Metadata = { title: "Report a problem" };

export default async function ReportPage({ searchParams }: PageProps<"/report">) {
  const { about } = await searchParams;
  const path = typeof about === "string" ? about : "/";
  return (
    <Page
      width="narrow"
      title="Report a problem"
      lead="A moderator reads every report. You need no account; if you are signed in, the moderator sees who you are, the other side does not."
    >
      <ReportForm about={path} />
    </Page>
  );
}
