import { DayTime } from "@/components/ui/moment";
import { EmptyState } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import type { OwedAccount } from "@/lib/ledger/queries/payouts";
import { formatMoney, money } from "@/lib/shared/money";
import { ConfirmPayoutForm, DiscardPayoutForm } from "./payment-forms";

/** Whom the operator owes money, where they want it, and what has been sent. */
export function OwedAccounts({ accounts, now }: { accounts: readonly OwedAccount[]; now: Date }) {
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
        <WhereTo owed={owed} now={now} />
        <NextOf owed={owed} />
      </div>
    </Panel>
  ));
}

/** Where the money goes, and since when that stands: a fresh change deserves a second look. */
function WhereTo({ owed: { details, waiting }, now }: { owed: OwedAccount; now: Date }) {
  return (
    <>
      <p className="text-sm break-words whitespace-pre-line text-ink-2">
        {details?.details ?? "They have not said yet where to be paid; their statement page asks for it."}
      </p>
      {details && (
        <p className="text-sm text-ink-3">
          In force since <DayTime at={details.effectiveAt} now={now} />, said on{" "}
          <DayTime at={details.statedAt} now={now} />.
        </p>
      )}
      {waiting && (
        <p className="text-sm">
          Other details were said on <DayTime at={waiting.statedAt} now={now} /> and count from{" "}
          <DayTime at={waiting.effectiveAt} now={now} /> on. Pay to those above until then.
        </p>
      )}
    </>
  );
}

function NextOf({ owed }: { owed: OwedAccount }) {
  const { open, isYou, currency, details } = owed;
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
      {open?.isElsewhere && (
        <p className="text-sm">
          Where to pay them has changed since: it cannot be confirmed any more. Discard it.
        </p>
      )}
      {details && !open?.isConfirmedByYou && !open?.isElsewhere && (
        <ConfirmPayoutForm owed={owed} detailsId={details.id} />
      )}
      {open && <DiscardPayoutForm payoutId={open.id} />}
    </>
  );
}
