import { Moment } from "@/components/ui/moment";
import { Facts } from "@/components/ui/panel";
import type { DisputeView } from "@/lib/disputes/queries/case";
import { outcomeLabels } from "@/lib/disputes/dispute";
import { formatColumnMoney } from "@/lib/shared/money";

/** A ruling as it stands: outcome, amounts and reason. */
export function RulingFacts({ ruling, now }: { ruling: NonNullable<DisputeView["ruling"]>; now: Date }) {
  return (
    <div className="grid gap-3">
      <p className="text-lg font-semibold">{outcomeLabels[ruling.outcome]}</p>
      <Facts
        rows={[
          { label: "To the buyer", value: formatColumnMoney(ruling.buyer) },
          { label: "To the seller’s side, before the fee", value: formatColumnMoney(ruling.seller) },
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
      <p className="max-w-[66ch] break-words whitespace-pre-line">{ruling.rationale}</p>
    </div>
  );
}
