import type { Metadata } from "next";
import { DisputeQueue } from "@/components/disputes/dispute-queue";
import { ReportQueue } from "@/components/disputes/report-queue";
import { SanctionList } from "@/components/disputes/sanction-list";
import { Page } from "@/components/layout/page";
import { requireOperator } from "@/lib/accounts/session/session";
import { listOpenDisputes } from "@/lib/disputes/queries/case";
import { listSanctions } from "@/lib/disputes/queries/disputes";
import { listReported } from "@/lib/disputes/queries/reports";
import { reportPageInput } from "@/lib/disputes/schemas";
import { currentTime } from "@/lib/platform/clock";

export const metadata: Metadata = { title: "Moderation" };

export default async function ModerationPage({ searchParams }: PageProps<"/moderation">) {
  const actor = await requireOperator("/moderation", "moderator");
  const { after } = reportPageInput.parse(await searchParams);
  const [disputes, reports, sanctions, now] = await Promise.all([
    listOpenDisputes(actor),
    listReported(actor, after),
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
        <ReportQueue queue={reports} isFirstPage={after === null} now={now} />
        <SanctionList sanctions={sanctions} actorId={actor.accountId} now={now} />
      </div>
    </Page>
  );
}
