import { titled } from "../titled";
import { notFound } from "next/navigation";
import { NextActionBox } from "@/components/deals/next-action-box";
import { OtherDisputes, courseOf } from "@/components/disputes/other-disputes";
import { OpenDisputeForm } from "@/components/disputes/open-dispute-form";
import { RulingFacts } from "@/components/disputes/ruling-facts";
import { Statements } from "@/components/disputes/statements";
import { ActionForm, SubmitLine } from "@/components/forms/action-form";
import { Page } from "@/components/layout/page";
import { exactTime } from "@/components/ui/moment";
import { EmptyState, Notice } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import { TextLink } from "@/components/ui/text-link";
import { requireActor } from "@/lib/accounts/session/session";
import { findDealRoom } from "@/lib/deals/queries/deal-room";
import { withdrawDispute } from "@/lib/disputes/actions";
import { type DisputeView, listDisputesOfDeal } from "@/lib/disputes/queries/case";
import { disputeReasons, hasOtherSideAnswered } from "@/lib/disputes/dispute";
import type { NextAction } from "@/lib/deals/next-action";

export const generateMetadata = ({ params }: PageProps<"/deals/[dealId]/dispute">) =>
  titled("Dispute", params);

export default async function DisputePage({ params }: PageProps<"/deals/[dealId]/dispute">) {
  const { dealId } = await params;
  const actor = await requireActor(`/deals/${dealId}/dispute`);
  const room = await findDealRoom(actor, dealId);
  if (!room) notFound();
  const { now } = room;
  const disputes = await listDisputesOfDeal(actor, dealId);
  const mayOpen = room.deal.moves.fulfilment.includes("openDispute");
  const open = disputes.find(({ state }) => state === "open");
  const shown = open ?? (mayOpen ? undefined : disputes[0]);
  const eyebrow = <TextLink href={`/deals/${dealId}`}>Back to the deal</TextLink>;
  if (!shown && !mayOpen) {
    return (
      <Page width="medium" eyebrow={eyebrow} title="Something is wrong">
        <EmptyState
          title="There is nothing to dispute now"
          action={{ href: `/deals/${dealId}`, text: "Back to the deal" }}
        >
          A dispute freezes a payment while it is held: from paying until it is released. Before that, end the
          negotiation on the deal’s page; afterwards, write to the other side, or report what is wrong.
        </EmptyState>
      </Page>
    );
  }
  const others = disputes.filter((dispute) => dispute !== shown);
  if (shown) {
    return (
      <Page width="medium" eyebrow={eyebrow} title={`Dispute: ${disputeReasons[shown.reason]}`}>
        <div className="grid gap-5">
          <ShownDispute dispute={shown} accountId={actor.accountId} isOnly={others.length === 0} now={now} />
          <OtherDisputes disputes={others} now={now} />
        </div>
      </Page>
    );
  }
  return (
    <Page
      width="medium"
      eyebrow={eyebrow}
      title="Something is wrong"
      lead="A dispute freezes the deal: the held payment stays where it is and every clock stops. The other side has seven days to answer, and a moderator rules within fourteen, from the contract, the files’ digests, the evidence and what you both write here."
    >
      <div className="grid gap-5">
        {others.length > 0 && (
          <Notice tone="warning">
            The other side has withdrawn its dispute. What you said in it is no objection by itself; you may
            open one of your own.
          </Notice>
        )}
        <OpenDisputeForm dealId={dealId} accountId={actor.accountId} statementBase64={room.disputeBase64} />
        <OtherDisputes disputes={others} now={now} />
      </div>
    </Page>
  );
}

type Shown = { dispute: DisputeView; accountId: string; isOnly: boolean; now: Date };

function ShownDispute({ dispute, accountId, isOnly, now }: Shown) {
  const isOwn = dispute.openedById === accountId;
  return (
    <>
      {dispute.state === "open" && (
        <NextActionBox next={disputeAction(dispute, accountId)} now={now}>
          <p className="pt-2 text-sm text-ink-2">
            The deal is frozen. A moderator rules by {exactTime(dispute.ruleBy)}.
          </p>
        </NextActionBox>
      )}
      {dispute.state === "withdrawn" && <Notice>{courseOf(dispute)}</Notice>}
      {dispute.ruling && (
        <Panel title="The ruling">
          <RulingFacts ruling={dispute.ruling} now={now} />
        </Panel>
      )}
      <Panel title="What was said">
        <Statements dispute={dispute} now={now} />
      </Panel>
      {dispute.state === "open" && isOwn && (
        <Panel title="Withdraw the dispute">
          <ActionForm action={withdrawDispute} fields={{ disputeId: dispute.id }}>
            <p className="text-ink-2">
              The deal goes on where it stood, with its clock started afresh. You cannot dispute it again, not
              even about what comes later{isOnly ? "; the other side still can" : ""}.
            </p>
            <SubmitLine variant="secondary">Withdraw it</SubmitLine>
          </ActionForm>
        </Panel>
      )}
    </>
  );
}

/** Whoever did not open it is asked to answer first; then both wait for the ruling, and may still add to it. */
function disputeAction(dispute: DisputeView, accountId: string): NextAction {
  const isAnswered = hasOtherSideAnswered(dispute);
  if (dispute.openedById !== accountId && !isAnswered) {
    return {
      kind: "answer_dispute",
      isYours: true,
      title: "Say what happened from your side",
      text: "Add a statement below: name files, digests, rows and figures. The moderator rules from them.",
      by: dispute.answerBy,
      otherwise: "the ruling may then come without it",
    };
  }
  return {
    kind: "wait",
    isYours: false,
    title: isAnswered ? "A moderator rules" : "The other side answers",
    text: isAnswered
      ? "Both sides have spoken. You may still add to it below."
      : "Afterwards, or when its time is over, a moderator rules. You may still add to it below.",
    by: isAnswered ? dispute.ruleBy : dispute.answerBy,
    otherwise: isAnswered ? "a later ruling is only late" : "the ruling may then come without it",
  };
}
