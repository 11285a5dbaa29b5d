import type { Metadata } from "next";
import { Page } from "@/components/layout/page";
import { ButtonLink } from "@/components/ui/button";
import { exactTime } from "@/components/ui/moment";
import { EmptyState } from "@/components/ui/notice";
import { requireActor } from "@/lib/accounts/session";
import { type Statement, getOwnStatement } from "@/lib/ledger/queries";
import { getInstallation } from "@/lib/platform/installation";
import { formatMoney, money } from "@/lib/shared/money";

export const metadata: Metadata = { title: "Statement" };

export default async function StatementPage() {
  const actor = await requireActor("/deals/statement");
  const { currency, isDemo } = await getInstallation();
  const statement = await getOwnStatement(actor, currency);
  const balance = formatMoney(money(statement.balanceMinor, currency));
  return (
    <Page
      width="medium"
      eyebrow={
        <a className="link" href="/deals">
          Deals
        </a>
      }
      title={`You are owed ${balance}`}
      lead={`${isDemo ? "Simulated money. " : ""}Released payments, shares and refunds, each a line of the journal that nobody can edit. Held payments are not here: they are not yours yet. The operator pays out.`}
    >
      {statement.lines.length === 0 ? (
        <EmptyState title="No lines yet" action={<ButtonLink href="/deals">See your deals</ButtonLink>}>
          A line appears when a held payment is released to you, shared with you or returned to you.
        </EmptyState>
      ) : (
        <StatementTable statement={statement} />
      )}
    </Page>
  );
}

function StatementTable({ statement: { lines, currency } }: { statement: Statement }) {
  const amount = (minor: bigint) => formatMoney(money(minor, currency));
  return (
    <div
      className="overflow-x-auto rounded-lg border border-line bg-surface"
      tabIndex={0}
      role="region"
      aria-label="Statement lines"
    >
      <table className="w-full min-w-160 text-sm tabular-nums">
        <thead className="text-left text-ink-3">
          <tr>
            <th scope="col" className="px-4 py-2.5 font-normal">
              When
            </th>
            <th scope="col" className="px-4 py-2.5 font-normal">
              What
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
              <td className="px-4 py-2.5 whitespace-nowrap text-ink-3">{exactTime(line.at)}</td>
              <td className="px-4 py-2.5">
                <a className="link" href={`/deals/${line.subjectId}`}>
                  {line.description}
                </a>
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
