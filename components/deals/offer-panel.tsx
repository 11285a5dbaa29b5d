import { Panel } from "@/components/ui/panel";
import { rightsText } from "@/lib/terms/rights-text";
import { termText } from "@/lib/catalogue/part";
import type { DealView } from "@/lib/deals/queries/deal-room";
import { formatMoney, money } from "@/lib/shared/money";
import { Changes } from "./history";

/** The offer that waits for an answer, and how it differs from the one before. */
export function OfferPanel({ deal }: { deal: DealView }) {
  const offer = deal.offers.at(-1);
  if (!offer) return null;
  return (
    <Panel title={`Offer ${offer.number}, by ${offer.by === deal.you ? "you" : deal.otherName}`}>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1.5 text-sm">
        <dt className="text-ink-3">Price</dt>
        <dd className="tabular-nums">{formatMoney(money(offer.priceMinor, deal.currency))}</dd>
        <dt className="text-ink-3">Term</dt>
        <dd>{termText(offer.termMonths)}</dd>
        <dt className="text-ink-3">Rights</dt>
        <dd>{rightsText(offer.rights)}</dd>
        {offer.message && (
          <>
            <dt className="text-ink-3">Message</dt>
            <dd className="max-w-[60ch] break-words whitespace-pre-line">{offer.message}</dd>
          </>
        )}
      </dl>
      {offer.changes.length > 0 && (
        <div className="mt-3 border-t border-line pt-3 text-sm">
          <h3 className="pb-1">What changed</h3>
          <Changes changes={offer.changes} />
        </div>
      )}
    </Panel>
  );
}
