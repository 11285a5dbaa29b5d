import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ConfirmTransferForm } from "@/components/deals/confirm-transfer-form";
import { OwedAccounts } from "@/components/deals/owed-accounts";
import { UploadStatementForm } from "@/components/deals/payment-forms";
import { Page } from "@/components/layout/page";
import { ButtonLink } from "@/components/ui/button";
import { Moment } from "@/components/ui/moment";
import { EmptyState } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import { TextLink } from "@/components/ui/text-link";
import { requireOperator } from "@/lib/accounts/session/session";
import { type PaymentToConfirm, listPaymentsToConfirm } from "@/lib/deals/queries/deal-list";
import { listUnmatched } from "@/lib/deals/queries/unmatched";
import { SECOND_PERSON_ABOVE_MINOR } from "@/lib/ledger/payment-provider";
import { listOwedAccounts } from "@/lib/ledger/queries/payouts";
import { currentTime } from "@/lib/platform/clock";
import { getInstallation } from "@/lib/platform/installation";
import { formatMoney, money } from "@/lib/shared/money";

export const metadata: Metadata = { title: "Payments" };

export default async function PaymentsPage() {
  const actor = await requireOperator("/deals/payments", "administrator");
  const { currency, isDemo } = await getInstallation();
  const [payments, owed, unmatched, now] = await Promise.all([
    listPaymentsToConfirm(actor),
    listOwedAccounts(actor, currency),
    listUnmatched(actor, 1),
    currentTime(),
  ]);
  if (!payments || !owed || !unmatched) notFound();
  const limit = formatMoney(money(SECOND_PERSON_ABOVE_MINOR, currency));
  return (
    <Page
      width="medium"
      title="Payments"
      lead={`${isDemo ? "Simulated money. " : ""}Confirm only what your bank shows, to the cent. Above ${limit} a second administrator must confirm too; nobody confirms a payment of their own.`}
      eyebrow={<TextLink href="/deals">Deals</TextLink>}
    >
      <div className="grid gap-10">
        <section className="grid gap-4" aria-labelledby="incoming">
          <h2 id="incoming">Transfers that are expected</h2>
          <Expected payments={payments} now={now} />
          <UploadStatementForm />
        </section>
        <section className="grid justify-items-start gap-3" aria-labelledby="unmatched">
          <h2 id="unmatched">Received, not matched</h2>
          <p className="text-ink-2">
            {unmatched.total === 0
              ? "Every transfer that arrived pays a deal or was sent back."
              : `${unmatched.total} ${unmatched.total === 1 ? "transfer" : "transfers"} arrived and pay no deal. The money is owed back to whoever sent it.`}
          </p>
          <ButtonLink href="/deals/payments/received" variant="secondary">
            Look at them
          </ButtonLink>
        </section>
        <section className="grid gap-4" aria-labelledby="outgoing">
          <h2 id="outgoing">To pay out</h2>
          <OwedAccounts accounts={owed} now={now} />
        </section>
      </div>
    </Page>
  );
}

function Expected({ payments, now }: { payments: readonly PaymentToConfirm[]; now: Date }) {
  if (payments.length === 0)
    return (
      <EmptyState title="No transfer is expected">
        Deals that wait for a bank transfer appear here.
      </EmptyState>
    );
  return payments.map((payment) => (
    <Panel key={payment.reference} title={<span className="font-mono">{payment.reference}</span>}>
      <p className="pb-3 text-sm text-ink-2">
        {formatMoney(money(payment.priceMinor, payment.currency))} expected
        {payment.dueAt && (
          <>
            , due <Moment at={payment.dueAt} now={now} />
          </>
        )}
        {payment.confirmations > 0 && `, seen by ${payment.confirmations}`}
      </p>
      {payment.isConfirmedByYou ? (
        <p className="text-sm">You confirmed it. A second administrator must too.</p>
      ) : (
        <ConfirmTransferForm reference={payment.reference} currency={payment.currency} />
      )}
    </Panel>
  ));
}
