import { ButtonForm } from "@/components/forms/action-form";
import { Facts } from "@/components/ui/panel";
import { importStatement } from "@/lib/deals/actions";
import { discardStatement } from "@/lib/ledger/actions";
import type { PassedOver } from "@/lib/ledger/bank/movement";
import type { ReadingView } from "@/lib/ledger/queries/statement-draft";
import { formatColumnMoney, formatMoney, money } from "@/lib/shared/money";

const REASONS: Record<PassedOver, string> = {
  outgoing: "Went out",
  not_booked: "Not booked, or taken back",
  reversal: "A reversal or a return",
  other_currency: "Another currency",
  zero: "Nothing moved",
};

/** Every line as it was read: what would be recorded, and what is passed over and why. */
export function StatementReview({ reading, currency }: { reading: ReadingView; currency: string }) {
  const { layout, account, credits, passed, creditMinor, lines } = reading;
  return (
    <div className="grid gap-4">
      <div className="max-w-md">
        <Facts
          rows={[
            { label: "Read as", value: layout },
            { label: "Account", value: account ?? "Not named" },
            {
              label: "Money that came in",
              value: `${credits}, ${formatMoney(money(creditMinor, currency))}`,
            },
            { label: "Passed over", value: passed },
          ]}
        />
      </div>
      <div
        className="overflow-x-auto rounded-lg border border-line bg-surface"
        tabIndex={0}
        role="region"
        aria-label="Lines of the statement"
      >
        <table className="w-full text-sm tabular-nums">
          <thead className="text-left text-ink-3">
            <tr>
              {["Line", "Day", "What the payer wrote", "What becomes of it"].map((title) => (
                <th key={title} scope="col" className="px-4 py-2.5 font-normal">
                  {title}
                </th>
              ))}
              <th scope="col" className="px-4 py-2.5 text-right font-normal">
                Amount
              </th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line, at) => (
              <tr key={at} className={`border-t border-line ${line.passedOver ? "text-ink-3" : ""}`}>
                <td className="px-4 py-2.5">{line.line}</td>
                <td className="px-4 py-2.5 whitespace-nowrap">{line.bookedOn || "None"}</td>
                <td className="max-w-[40ch] px-4 py-2.5 break-words">{line.text}</td>
                <td className="px-4 py-2.5">
                  {line.passedOver ? `Passed over: ${REASONS[line.passedOver]}` : "Recorded"}
                </td>
                <td className="px-4 py-2.5 text-right">
                  {line.passedOver === "other_currency"
                    ? "Not shown"
                    : formatColumnMoney(money(line.amountMinor, currency))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

export function ConfirmStatementForm({ draftId, layout }: { draftId: string; layout: string }) {
  return (
    <ButtonForm
      action={importStatement}
      fields={{ draftId, layout }}
      className="grid justify-items-start gap-4"
      aria-label="Confirm this statement"
      variant="primary"
    >
      These lines are right: confirm them
    </ButtonForm>
  );
}

export function DiscardStatementForm({ draftId }: { draftId: string }) {
  return (
    <ButtonForm
      action={discardStatement}
      fields={{ draftId }}
      className="grid justify-items-start gap-4"
      aria-label="Discard this file"
      variant="secondary"
    >
      Discard the file
    </ButtonForm>
  );
}
