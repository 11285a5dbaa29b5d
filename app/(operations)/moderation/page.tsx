import type { Metadata } from "next";
import { DisputeQueue } from "@/components/disputes/dispute-queue";
import { ReportQueue } from "@/components/disputes/report-queue";
import { SanctionList } from "@/components/disputes/sanction-list";
import { Page } from "@/components/layout/page";
import { requireOperator } from "@/lib/accounts/session/session";
import { listOpenDisputes } from "@/lib/disputes/queries/case";
import { listOpenReports, listSanctions } from "@/lib/disputes/queries/disputes";
import { currentTime } from "@/lib/platform/clock";

export const metadata: Metadata = { title: "Moderation" };

export default async function ModerationPage() {
  const actor = await requireOperator("/moderation", "moderator");
  const [disputes, reports, sanctions, now] = await Promise.all([
    listOpenDisputes(actor),
    listOpenReports(actor),
    listSanctions(actor),
    currentTime(),
  ]);
  return (
    <Page
      width="wide"
      title="Moderation"
      lead="Disputes by deadline, then reports, appeals and the decisions that stand. Decide from evidence; every decision is recorded with its reason and can be appealed."
    >
      <div className="grid gap-9">
        <DisputeQueue disputes={disputes} now={now} />
        <ReportQueue reports={reports} now={now} />
        <SanctionList sanctions={sanctions} actorId={actor.accountId} now={now} />
      </div>
    </Page>
  );
}
