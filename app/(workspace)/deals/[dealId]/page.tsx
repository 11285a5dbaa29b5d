import { titled } from "./titled";
import { randomUUID } from "node:crypto";
import { notFound } from "next/navigation";
import { AgreedPanel } from "@/components/deals/agreed-panel";
import { DealSteps } from "@/components/deals/deal-steps";
import { DemoClockForm } from "@/components/deals/deal-forms";
import { EndEarly, NextStep } from "@/components/deals/next-step";
import { History } from "@/components/deals/history";
import { LiveDeal } from "@/components/deals/live-deal";
import { Messages } from "@/components/deals/messages";
import { MoneyPanel } from "@/components/deals/money-panel";
import { NextActionBox } from "@/components/deals/next-action-box";
import { OfferPanel } from "@/components/deals/offer-panel";
import { Page } from "@/components/layout/page";
import { Panel } from "@/components/ui/panel";
import { requireActor } from "@/lib/accounts/session/session";
import { partLabels, termText } from "@/lib/catalogue/part";
import { type DealView, findDealRoom } from "@/lib/deals/queries/deal-room";
import { formatMoney, money } from "@/lib/shared/money";

export const generateMetadata = ({ params }: PageProps<"/deals/[dealId]">) => titled("Deal", params);

export default async function DealPage({ params }: PageProps<"/deals/[dealId]">) {
  const { dealId } = await params;
  const actor = await requireActor(`/deals/${dealId}`);
  const room = await findDealRoom(actor, dealId);
  if (!room) notFound();
  const { deal, live, statementBase64, now } = room;
  const isOver = deal.next.kind === "settled" || deal.next.kind === "ended";
  return (
    <Page eyebrow={<Eyebrow deal={deal} />} title={titleOf(deal)}>
      <div className="-mt-7 pb-8">
        <DealSteps steps={deal.steps} />
      </div>
      <LiveDeal key={live.version} dealId={deal.id} initial={live} />
      <div className="grid gap-x-12 gap-y-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="grid min-w-0 content-start gap-5">
          <NextActionBox next={deal.next} now={now}>
            <NextStep deal={deal} accountId={actor.accountId} statementBase64={statementBase64} />
          </NextActionBox>
          {deal.openOffer && <OfferPanel deal={deal} />}
          {deal.next.kind === "sign" && <AgreedPanel deal={deal} now={now} />}
          <MoneyPanel deal={deal} />
          {deal.next.kind !== "sign" && <AgreedPanel deal={deal} now={now} />}
          <Messages deal={deal} messageId={randomUUID()} now={now} />
          <EndEarly deal={deal} />
        </div>
        <aside className="grid min-w-0 content-start gap-6">
          <History deal={deal} now={now} />
          {deal.isDemo && !isOver && (
            <Panel title="Demo clock">
              <DemoClockForm dealId={deal.id} />
            </Panel>
          )}
        </aside>
      </div>
    </Page>
  );
}

function Eyebrow({ deal }: { deal: DealView }) {
  return (
    <>
      You are {deal.you === "buyer" ? "buying from" : "selling to"}{" "}
      <a className="link" href={`/people/${deal.otherHandle}`}>
        {deal.otherName}
      </a>
      {" · "}
      <a className="link" href={`/listings/${deal.listing.slug}`}>
        {deal.listing.title}
      </a>
      , version {deal.versionNumber}
    </>
  );
}

function titleOf(deal: DealView): string {
  const terms =
    deal.priceMinor === null
      ? deal.offers.at(-1)
      : { priceMinor: deal.priceMinor, termMonths: deal.termMonths };
  if (!terms) return partLabels[deal.part];
  const price = terms.priceMinor === 0n ? "free" : formatMoney(money(terms.priceMinor, deal.currency));
  return `${partLabels[deal.part]}, ${termText(terms.termMonths)}, ${price}`;
}
