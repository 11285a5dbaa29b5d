import { dayOf } from "@/components/ui/moment";
import { Panel } from "@/components/ui/panel";
import { type SettlementEvent, isSettlement } from "@/lib/deals/deal-event";
import type { DealView } from "@/lib/deals/queries/deal-room";
import { isHeld } from "@/lib/deals/fulfilment";
import type { LedgerPreview } from "@/lib/ledger/balance";
import { formatColumnMoney, money } from "@/lib/shared/money";

/** Where the money is now, and who gets what when it is released. */
export function MoneyPanel({ deal }: { deal: DealView }) {
  const { priceMinor, currency, fulfilment, releasePreview } = deal;
  if (priceMinor === null || releasePreview === null || deal.negotiation === "TERMINATED") return null;
  if (priceMinor === 0n) {
    return (
      <Panel title="Where the money is">
        <p className="text-sm text-ink-2">There is none: this licence has no price, and nothing is held.</p>
      </Panel>
    );
  }
  const settled = deal.events.find(isSettlement);
  const isOver = fulfilment === "REFUNDED" || fulfilment === "SPLIT";
  return (
    <Panel title="Where the money is">
      <p className="pb-2 text-sm text-ink-3">{whereText(deal)}</p>
      <Lines
        currency={currency}
        lines={
          isOver && settled
            ? ended(settled.details)
            : [
                { label: heldLabel(deal), amountMinor: priceMinor },
                ...(fulfilment === "LAPSED" ? [] : onRelease(releasePreview, fulfilment)),
              ]
        }
      />
    </Panel>
  );
}

/** Who got what in the end; a side that got nothing is left out. */
function ended({ buyerMinor, sellerMinor }: SettlementEvent["details"]) {
  return [
    { label: "Back to the buyer", amountMinor: BigInt(buyerMinor) },
    { label: "To the seller’s side, before the fee", amountMinor: BigInt(sellerMinor) },
  ].filter(({ amountMinor }) => amountMinor > 0n);
}

function heldLabel({ fulfilment, events }: DealView): string {
  const paid = events.find((event) => event.kind === "paid");
  return isHeld(fulfilment) && paid ? `Held since ${dayOf(paid.at)}` : "Price";
}

function onRelease(preview: LedgerPreview, fulfilment: string) {
  const tail = fulfilment === "RELEASED" ? "" : " when released";
  return preview.lines.map(({ label, amountMinor }) => ({
    label: label === "To the seller" ? `${label}${tail}` : label,
    amountMinor,
  }));
}

function whereText(deal: DealView): string {
  const provider = deal.paymentProvider === "demo" ? "Simulated money. " : "";
  switch (deal.fulfilment) {
    case "UNFUNDED":
      return `${provider}Nothing has been paid yet.`;
    case "RELEASED":
      return `${provider}Released. Contributors’ shares were fixed at the first signature.`;
    case "REFUNDED":
      return `${provider}Returned to the buyer in full, without a fee.`;
    case "SPLIT":
      return `${provider}Split. The fee is taken from the seller’s part.`;
    case "LAPSED":
      return `${provider}Nothing was paid, and nothing is owed.`;
    default:
      return `${provider}Held by the payment provider: neither the seller’s nor spendable.`;
  }
}

type Props = { lines: readonly { label: string; amountMinor: bigint }[]; currency: string };

/** Label and amount, one below the other. */
export function Lines({ lines, currency }: Props) {
  return (
    <dl className="text-sm tabular-nums">
      {lines.map(({ label, amountMinor }) => (
        <div key={label} className="flex justify-between gap-4 border-t border-line py-2 first:border-t-0">
          <dt>{label}</dt>
          <dd>{formatColumnMoney(money(amountMinor, currency))}</dd>
        </div>
      ))}
    </dl>
  );
}
