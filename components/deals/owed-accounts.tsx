import { EmptyState } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import type { OwedAccount } from "@/lib/ledger/queries/payouts";
import { formatMoney, money } from "@/lib/shared/money";
import { ConfirmPayoutForm, DiscardPayoutForm } from "./payment-forms";

/** Whom the operator owes money, where they want it, and what has been sent. */
export function OwedAccounts({ accounts }: { accounts: readonly OwedAccount[] }) {
  if (accounts.length === 0)
    return (
      <EmptyState title="Nobody is owed anything">
        Who sold, shares in a sale or gets money back appears here.
      </EmptyState>
    );
  return accounts.map((owed) => (
    <Panel
      key={owed.accountId}
      title={
        <>
          <a className="link" href={`/people/${owed.handle}`}>
            {owed.name}
          </a>
          , {formatMoney(money(owed.owedMinor, owed.currency))}
        </>
      }
    >
      <div className="grid gap-3">
        <p className="text-sm whitespace-pre-line text-ink-2">
          {owed.details ?? "They have not said yet where to be paid; their statement page asks for it."}
        </p>
        <NextOf owed={owed} />
      </div>
    </Panel>
  ));
}

function NextOf({ owed }: { owed: OwedAccount }) {
  const { open, isYou, currency } = owed;
  if (isYou) return <p className="text-sm">This is you: somebody else must confirm it.</p>;
  return (
    <>
      {open && (
        <p className="text-sm">
          {formatMoney(money(open.amountMinor, currency))} was sent with the reference{" "}
          <span className="font-mono">{open.bankReference}</span>
          {open.isConfirmedByYou
            ? ". You confirmed it; a second administrator must too."
            : ", as another administrator says. Confirm it when your bank shows the same."}
        </p>
      )}
      {!open?.isConfirmedByYou && <ConfirmPayoutForm owed={owed} />}
      {open && <DiscardPayoutForm payoutId={open.id} />}
    </>
  );
}
