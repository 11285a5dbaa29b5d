import { Moment } from "@/components/ui/moment";
import type { SanctionView } from "@/lib/disputes/queries/disputes";
import { sanctionLabels } from "@/lib/disputes/sanction";

export function SanctionFacts({ sanction, now }: { sanction: SanctionView; now: Date }) {
  return (
    <div className="grid gap-2">
      <p className={sanction.liftedAt ? "text-ink-2 line-through" : "font-medium"}>
        {sanctionLabels[sanction.kind]}
      </p>
      <p className="whitespace-pre-line">{sanction.reason}</p>
      <p className="text-sm text-ink-3">
        Decided <Moment at={sanction.createdAt} now={now} />
        {sanction.liftedAt && (
          <>
            , lifted <Moment at={sanction.liftedAt} now={now} />: {sanction.liftReason}
          </>
        )}
      </p>
    </div>
  );
}
