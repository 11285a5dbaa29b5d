import type { Metadata } from "next";
import { DealRows } from "@/components/deals/deal-rows";
import { Page } from "@/components/layout/page";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/notice";
import { hasRole } from "@/lib/accounts/actor";
import { requireActor } from "@/lib/accounts/session/session";
import { type DealFilter, dealFilters, listDeals } from "@/lib/deals/queries/deal-list";
import { currentTime } from "@/lib/platform/clock";

export const metadata: Metadata = { title: "Deals" };

const labels: Record<DealFilter, string> = { all: "All", buying: "Buying", selling: "Selling" };

export default async function DealsPage({ searchParams }: PageProps<"/deals">) {
  const actor = await requireActor("/deals");
  const asked = (await searchParams)["side"];
  const filter = dealFilters.find((name) => name === asked) ?? "all";
  const [deals, now] = await Promise.all([listDeals(actor, filter), currentTime()]);
  const group = (name: string) => deals.filter((deal) => deal.group === name);
  return (
    <Page
      title="Deals"
      actions={
        <>
          {hasRole(actor, "administrator") && (
            <ButtonLink href="/deals/payments">Payments to confirm</ButtonLink>
          )}
          <ButtonLink href="/deals/statement">Statement</ButtonLink>
        </>
      }
    >
      <nav aria-label="Which deals" className="flex gap-2 pb-6">
        {dealFilters.map((name) => (
          <a
            key={name}
            href={name === "all" ? "/deals" : `/deals?side=${name}`}
            aria-current={name === filter ? "page" : undefined}
            className="inline-flex min-h-9 items-center rounded-md border border-line px-3 text-ink-2 aria-[current]:border-ink aria-[current]:text-ink"
          >
            {labels[name]}
          </a>
        ))}
      </nav>
      {deals.length === 0 ? (
        <EmptyState
          title={filter === "selling" ? "Nobody has made you an offer yet" : "No deals yet"}
          action={{
            href: filter === "selling" ? "/sell" : "/",
            text: filter === "selling" ? "Look after your listings" : "Browse the market",
            variant: "primary",
          }}
        >
          {filter === "selling"
            ? "Offers and licences of your listings appear here. A standing offer lets buyers license without waiting for you."
            : "License a model at its list price, or make an offer on its page. What you start appears here, with whose turn it is."}
        </EmptyState>
      ) : (
        <>
          <DealRows id="yours" title="Your turn" deals={group("yours")} now={now} isYours />
          <DealRows id="theirs" title="Waiting for others" deals={group("theirs")} now={now} />
          <DealRows id="over" title="Closed" deals={group("over")} now={now} />
        </>
      )}
    </Page>
  );
}
