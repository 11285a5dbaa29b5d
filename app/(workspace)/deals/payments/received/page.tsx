import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ReceivedTransfers } from "@/components/deals/received-transfers";
import { Page } from "@/components/layout/page";
import { EmptyState } from "@/components/ui/notice";
import { Pager } from "@/components/ui/pager";
import { TextLink } from "@/components/ui/text-link";
import { requireActor } from "@/lib/accounts/session/session";
import { listUnmatched } from "@/lib/deals/queries/unmatched";
import { RECEIVED_PER_PAGE } from "@/lib/ledger/queries/received";
import { pageInput } from "@/lib/ledger/schemas";
import { currentTime } from "@/lib/platform/clock";

export const metadata: Metadata = { title: "Received, not matched" };

const PATH = "/deals/payments/received";

export default async function ReceivedPage({ searchParams }: PageProps<"/deals/payments/received">) {
  const actor = await requireActor(PATH);
  const { page } = pageInput.parse(await searchParams);
  const [found, now] = await Promise.all([listUnmatched(actor, page), currentTime()]);
  if (!found) notFound();
  return (
    <Page
      width="medium"
      title="Received, not matched"
      lead="Money that arrived and pays no deal: it is owed back to whoever sent it. Send it back with your bank and note that here, or say which deal it is for."
      eyebrow={<TextLink href="/deals/payments">Payments</TextLink>}
    >
      <div className="grid gap-4">
        {found.transfers.length === 0 ? (
          <EmptyState title={page > 1 ? "Nothing on this page" : "Nothing is left over"}>
            Every transfer that arrived pays a deal or was sent back.
          </EmptyState>
        ) : (
          <ReceivedTransfers transfers={found.transfers} now={now} />
        )}
      </div>
      <Pager path={PATH} page={page} pages={Math.ceil(found.total / RECEIVED_PER_PAGE)} />
    </Page>
  );
}
