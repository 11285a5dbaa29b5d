import type { Metadata } from "next";
import { OwnPayoutDetails } from "@/components/deals/payout-details";
import { Page } from "@/components/layout/page";
import { DayTime } from "@/components/ui/moment";
import { EmptyState } from "@/components/ui/notice";
import { TextLink } from "@/components/ui/text-link";
import { getOwnSecondStep } from "@/lib/accounts/queries/second-factors";
import { requireActor } from "@/lib/accounts/session/session";
import { type AccountStatement, getOwnStatement } from "@/lib/ledger/queries/journal";
import { findOwnPayoutDetails } from "@/lib/ledger/queries/payouts";
import { currentTime } from "@/lib/platform/clock";
import { getInstallation } from "@/lib/platform/installation";
import { formatColumnMoney, formatMoney, money } from "@/lib/shared/money";

export const metadata: Metadata = { title: "Statement" };

export default async function StatementPage() {
  const actor = await requireActor("/deals/statement");
  const { currency, isDemo } = await getInstallation();
  const [statement, details, step, now] = await Promise.all([
    getOwnStatement(actor, currency),
    findOwnPayoutDetails(actor),
    getOwnSecondStep(actor),
    currentTime(),
  ]);
  const balance = formatMoney(money(statement.balanceMinor, currency));
  return (
    <Page
      width="medium"
      eyebrow={<TextLink href="/deals">Deals</TextLink>}
      title={`You are owed ${balance}`}
      lead={`${isDemo ? "Simulated money. " : ""}Released payments, shares and refunds, each a line of the journal that nobody can edit. Held payments are not here: they are not yours yet. The operator pays out.`}
    >
      {statement.lines.length === 0 ? (
        <EmptyState title="No lines yet" action={{ href: "/deals", text: "See your deals" }}>
          A line appears when a held payment is released to you, shared with you or returned to you.
        </EmptyState>
      ) : (
        <StatementTable statement={statement} now={now} />
      )}
      <section className="grid gap-3 pt-8" aria-labelledby="payout">
        <h2 id="payout">Where to pay you</h2>
        <OwnPayoutDetails own={details} step={step} now={now} />
      </section>
    </Page>
  );
}

function StatementTable({ statement: { lines, currency }, now }: { statement: AccountStatement; now: Date }) {
  const amount = (minor: bigint) => formatColumnMoney(money(minor, currency));
  return (
    <div
      className="overflow-x-auto rounded-lg border border-line bg-surface"
      tabIndex={0}
      role="region"
      aria-label="Statement lines"
    >
      <table className="w-full text-sm tabular-nums">
        <thead className="text-left text-ink-3">
          <tr>
            <th scope="col" className="px-4 py-2.5 font-normal">
              What and when
            </th>
            <th scope="col" className="px-4 py-2.5 text-right font-normal">
              Amount
            </th>
            <th scope="col" className="px-4 py-2.5 text-right font-normal">
              Balance
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line, index) => (
            <tr key={index} className="border-t border-line">
              <td className="px-4 py-2.5">
                {line.isPayout ? (
                  line.description
                ) : (
                  <TextLink href={`/deals/${line.subjectId}`}>{line.description}</TextLink>
                )}
                <span className="block text-xs text-ink-3">
                  <DayTime at={line.at} now={now} />
                </span>
              </td>
              <td className="px-4 py-2.5 text-right">{amount(line.amountMinor)}</td>
              <td className="px-4 py-2.5 text-right">{amount(line.balanceMinor)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
