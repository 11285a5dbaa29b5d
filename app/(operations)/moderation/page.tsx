import type { Metadata } from "next";
import { DisputeQueue } from "@/components/disputes/dispute-queue";
import { ReportQueue } from "@/components/disputes/report-queue";
import { AppealQueue, SanctionList } from "@/components/disputes/sanction-list";
import { Page } from "@/components/layout/page";
import { requireOperator } from "@/lib/accounts/session/session";
import { listOpenDisputes } from "@/lib/disputes/queries/case";
import { listOpenAppeals, listSanctions } from "@/lib/disputes/queries/disputes";
import { listReported } from "@/lib/disputes/queries/reports";
import { moderationPageInput } from "@/lib/disputes/schemas";
import { currentTime } from "@/lib/platform/clock";

export const metadata: Metadata = { title: "Moderation" };

export default async function ModerationPage({ searchParams }: PageProps<"/moderation">) {
  const actor = await requireOperator("/moderation", "moderator");
  const from = moderationPageInput.parse(await searchParams);
  const [disputes, reports, appeals, sanctions, now] = await Promise.all([
    listOpenDisputes(actor, from.disputes),
    listReported(actor, from.after),
    listOpenAppeals(actor, from.appeals),
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
        <DisputeQueue queue={disputes} isFirstPage={from.disputes === null} now={now} />
        <ReportQueue queue={reports} isFirstPage={from.after === null} now={now} />
        <AppealQueue
          queue={appeals}
          isFirstPage={from.appeals === null}
          actorId={actor.accountId}
          now={now}
        />
        <SanctionList sanctions={sanctions} actorId={actor.accountId} now={now} />
      </div>
    </Page>
  );
}
