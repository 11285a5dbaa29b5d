import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { OpenDisputeForm } from "@/components/disputes/open-dispute-form";
import { RulingFacts } from "@/components/disputes/ruling-facts";
import { Statements } from "@/components/disputes/statements";
import { WithdrawDisputeForm } from "@/components/disputes/withdraw-dispute-form";
import { Page } from "@/components/layout/page";
import { exactTime } from "@/components/ui/moment";
import { Notice } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import { currentActor, requireActor } from "@/lib/accounts/session";
import { findDeal } from "@/lib/deals/queries";
import { findDealTitle } from "@/lib/deals/queries/deal-list";
import { findDisputeOfDeal } from "@/lib/disputes/case-queries";
import { currentTime } from "@/lib/platform/clock";

export async function generateMetadata({ params }: PageProps<"/deals/[dealId]/dispute">): Promise<Metadata> {
  const { dealId } = await params;
  const actor = await currentActor();
  const title = actor && (await findDealTitle(actor, dealId));
  return { title: title ? `Dispute: ${title}` : "Dispute" };
}

export default async function DisputePage({ params }: PageProps<"/deals/[dealId]/dispute">) {
  const { dealId } = await params;
  const actor = await requireActor(`/deals/${dealId}/dispute`);
  const deal = await findDeal(actor, dealId);
  if (!deal) notFound();
  const [dispute, now] = await Promise.all([findDisputeOfDeal(actor, dealId), currentTime()]);
  const eyebrow = (
    <a className="link" href={`/deals/${dealId}`}>
      Back to the deal
    </a>
  );
  if (!dispute) {
    return (
      <Page
        width="medium"
        eyebrow={eyebrow}
        title="Something is wrong"
        lead="A dispute freezes the deal: the held payment stays where it is and every clock stops. The other side has seven days to answer, and a moderator rules within fourteen, from the contract, the files’ digests, the evidence and what you both write here."
      >
        <OpenDisputeForm dealId={dealId} />
      </Page>
    );
  }
  return (
    <Page width="medium" eyebrow={eyebrow} title="Dispute">
      <div className="grid gap-5">
        {dispute.state === "open" && (
          <Notice tone="warning">
            The deal is frozen. The other side answers by {exactTime(dispute.answerBy)}; the ruling is due by{" "}
            {exactTime(dispute.ruleBy)}.
          </Notice>
        )}
        {dispute.state === "withdrawn" && <Notice>This dispute was withdrawn; the deal went on.</Notice>}
        {dispute.ruling && (
          <Panel title="The ruling">
            <RulingFacts ruling={dispute.ruling} now={now} />
          </Panel>
        )}
        <Panel title="What was said">
          <Statements dispute={dispute} now={now} />
        </Panel>
        {dispute.state === "open" && dispute.openedById === actor.accountId && (
          <Panel title="Withdraw the dispute">
            <WithdrawDisputeForm disputeId={dispute.id} />
          </Panel>
        )}
      </div>
    </Page>
  );
}
