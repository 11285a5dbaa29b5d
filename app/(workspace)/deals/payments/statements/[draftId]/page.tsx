import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { StatementColumns } from "@/components/deals/statement-columns";
import {
  ConfirmStatementForm,
  DiscardStatementForm,
  StatementReview,
} from "@/components/deals/statement-review";
import { Page } from "@/components/layout/page";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState, Notice } from "@/components/ui/notice";
import { Pager } from "@/components/ui/pager";
import { TextLink } from "@/components/ui/text-link";
import { requireActor } from "@/lib/accounts/session/session";
import { findStatementDraft } from "@/lib/ledger/queries/statement-draft";
import { pageInput } from "@/lib/ledger/schemas";
import { getInstallation } from "@/lib/platform/installation";

export const metadata: Metadata = { title: "A statement of the bank" };

export default async function StatementDraftPage({
  params,
  searchParams,
}: PageProps<"/deals/payments/statements/[draftId]">) {
  const { draftId } = await params;
  const path = `/deals/payments/statements/${draftId}`;
  const actor = await requireActor(path);
  const { page } = pageInput.parse(await searchParams);
  const { currency } = await getInstallation();
  const draft = await findStatementDraft(actor, draftId, page);
  if (!draft) notFound();
  const { columns, reading, problem, fileName, outcome } = draft;
  if (outcome) return <Done fileName={fileName} outcome={outcome} />;
  return (
    <Page
      width="wide"
      title={fileName}
      lead="Nothing of this file is confirmed yet. Look at every line: what is recorded, and what is passed over."
      eyebrow={<TextLink href="/deals/payments">Payments</TextLink>}
    >
      <div className="grid gap-8">
        {columns && (
          <section className="grid gap-4" aria-labelledby="columns">
            <h2 id="columns">What the columns are</h2>
            <p className="max-w-[66ch] text-ink-2">
              This list is none that we know. Say what each column holds. Without a column of currencies every
              line counts as {currency}; without one that says in or out, a minus is money that went out.
            </p>
            <StatementColumns draftId={draftId} view={columns} />
          </section>
        )}
        <section className="grid gap-4" aria-labelledby="lines">
          <h2 id="lines">What is in it</h2>
          {problem && <Notice tone="bad">{problem}</Notice>}
          {reading ? (
            <>
              <StatementReview reading={reading} currency={currency} />
              <Pager path={path} page={page} pages={reading.pages} />
              <ConfirmStatementForm draftId={draftId} layout={reading.layout} />
            </>
          ) : (
            <EmptyState title="No line is read yet">
              The lines appear here as soon as the columns are known.
            </EmptyState>
          )}
          <DiscardStatementForm draftId={draftId} />
        </section>
      </div>
    </Page>
  );
}

function Done({ fileName, outcome }: { fileName: string; outcome: string }) {
  return (
    <Page width="medium" title={fileName} eyebrow={<TextLink href="/deals/payments">Payments</TextLink>}>
      <div className="grid justify-items-start gap-4">
        <Notice tone="good">{outcome}</Notice>
        <ButtonLink href="/deals/payments/received" variant="secondary">
          Received, not matched
        </ButtonLink>
      </div>
    </Page>
  );
}
