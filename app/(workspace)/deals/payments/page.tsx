import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ConfirmTransferForm } from "@/components/deals/confirm-transfer-form";
import { Page } from "@/components/layout/page";
import { Moment } from "@/components/ui/moment";
import { EmptyState } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import { requireActor } from "@/lib/accounts/session";
import { listPaymentsToConfirm } from "@/lib/deals/queries/deal-list";
import { SECOND_PERSON_ABOVE_MINOR } from "@/lib/ledger/payment-provider";
import { currentTime } from "@/lib/platform/clock";
import { getInstallation } from "@/lib/platform/installation";
import { formatMoney, money } from "@/lib/shared/money";

export const metadata: Metadata = { title: "Payments to confirm" };

export default async function PaymentsPage() {
  const actor = await requireActor("/deals/payments");
  const [payments, now, { currency }] = await Promise.all([
    listPaymentsToConfirm(actor),
    currentTime(),
    getInstallation(),
  ]);
  if (!payments) notFound();
  const limit = formatMoney(money(SECOND_PERSON_ABOVE_MINOR, currency));
  return (
    <Page
      width="medium"
      title="Payments to confirm"
      lead={`Confirm only what your bank shows, with this reference and exactly this amount. Above ${limit} a second administrator must confirm too; a party of the deal never does.`}
      eyebrow={
        <a className="link inline-flex min-h-6 items-center" href="/deals">
          Deals
        </a>
      }
    >
      {payments.length === 0 ? (
        <EmptyState title="No transfer is expected">
          Deals that wait for a bank transfer appear here.
        </EmptyState>
      ) : (
        <div className="grid gap-4">
          {payments.map((payment) => (
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
          ))}
        </div>
      )}
    </Page>
  );
}
