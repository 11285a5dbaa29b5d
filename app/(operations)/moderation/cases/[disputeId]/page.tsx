import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { CaseContract } from "@/components/disputes/case-contract";
import { CaseHistory } from "@/components/disputes/case-history";
import { OtherDisputes, courseOf } from "@/components/disputes/other-disputes";
import { RulingDesk } from "@/components/disputes/ruling-desk";
import { RulingFacts } from "@/components/disputes/ruling-facts";
import { Statements } from "@/components/disputes/statements";
import { EvidenceCards } from "@/components/evidence/evidence-cards";
import { Page } from "@/components/layout/page";
import { Panel } from "@/components/ui/panel";
import { TextLink } from "@/components/ui/text-link";
import { requireOperator } from "@/lib/accounts/session/session";
import { findDealForCase } from "@/lib/deals/queries/deal-for-case";
import { findDispute, listDisputesOfDeal } from "@/lib/disputes/queries/case";
import { disputeReasons } from "@/lib/disputes/dispute";
import { listListingEvaluations } from "@/lib/evidence/queries/listing-evaluations";
import { currentTime } from "@/lib/platform/clock";

export const metadata: Metadata = { title: "Case" };

export default async function CasePage({ params }: PageProps<"/moderation/cases/[disputeId]">) {
  const { disputeId } = await params;
  const actor = await requireOperator(`/moderation/cases/${disputeId}`, "moderator");
  const dispute = await findDispute(actor, disputeId);
  const deal = dispute && (await findDealForCase(actor, dispute.dealId));
  if (!dispute || !deal) notFound();
  const [evaluations, disputes, now] = await Promise.all([
    listListingEvaluations(deal.listingId),
    listDisputesOfDeal(actor, dispute.dealId),
    currentTime(),
  ]);
  const isRulable =
    dispute.state === "open" && ![dispute.buyerId, dispute.sellerId].includes(actor.accountId);
  return (
    <Page
      width="wide"
      eyebrow={<TextLink href="/moderation">Moderation</TextLink>}
      title={`Claim: ${disputeReasons[dispute.reason]}`}
      lead={`${dispute.buyerName} bought from ${dispute.sellerName}: “${dispute.listingTitle}”.`}
    >
      <div className="grid gap-8 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="grid content-start gap-5">
          {dispute.ruling ? (
            <Panel title="The ruling">
              <RulingFacts ruling={dispute.ruling} now={now} />
            </Panel>
          ) : isRulable ? (
            <RulingDesk dispute={dispute} previews={deal.previews} now={now} />
          ) : (
            <Panel title="No ruling from you">
              {dispute.state === "withdrawn"
                ? courseOf(dispute)
                : "You are a party of this deal; somebody else has to rule."}
            </Panel>
          )}
          <Panel title="What was said">
            <Statements dispute={dispute} now={now} />
          </Panel>
          <OtherDisputes disputes={disputes.filter(({ id }) => id !== dispute.id)} now={now} />
          <CaseContract deal={deal} />
          <section className="grid gap-3" aria-labelledby="evidence">
            <h2 id="evidence">Evidence on the listing</h2>
            <EvidenceCards evaluations={evaluations} now={now} />
          </section>
        </div>
        <CaseHistory dispute={dispute} deal={deal} now={now} />
      </div>
    </Page>
  );
}
