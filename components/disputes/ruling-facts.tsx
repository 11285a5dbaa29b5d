import { Moment } from "@/components/ui/moment";
import { Facts } from "@/components/ui/panel";
import type { DisputeView } from "@/lib/disputes/case-queries";
import { outcomeLabels } from "@/lib/disputes/dispute";
import { formatMoney } from "@/lib/shared/money";

/** A ruling as it stands: outcome, amounts and reason. */
export function RulingFacts({ ruling, now }: { ruling: NonNullable<DisputeView["ruling"]>; now: Date }) {
  return (
    <div className="grid gap-3">
      <p className="font-medium">{outcomeLabels[ruling.outcome]}</p>
      <Facts
        rows={[
          { label: "To the buyer", value: formatMoney(ruling.buyer) },
          { label: "To the seller’s side, before the fee", value: formatMoney(ruling.seller) },
          {
            label: "Ruled",
            value: (
              <>
                <Moment at={ruling.createdAt} now={now} /> by {ruling.moderatorName}
              </>
            ),
          },
        ]}
      />
      <p className="whitespace-pre-line">{ruling.rationale}</p>
    </div>
  );
}
