import { Moment } from "@/components/ui/moment";
import { EmptyState } from "@/components/ui/notice";
import { TextLink } from "@/components/ui/text-link";
import type { DisputeRow } from "@/lib/disputes/queries/case";
import { disputeReasons } from "@/lib/disputes/dispute";
import { formatMoney } from "@/lib/shared/money";

/** Open disputes, the most urgent first. */
export function DisputeQueue({ disputes, now }: { disputes: readonly DisputeRow[]; now: Date }) {
  return (
    <section aria-labelledby="disputes" className="grid gap-3">
      <h2 id="disputes">Disputes ({disputes.length})</h2>
      {disputes.length === 0 ? (
        <EmptyState title="No open disputes">A dispute appears here as soon as a party opens one.</EmptyState>
      ) : (
        <ul className="grid gap-2">
          {disputes.map((dispute) => (
            <li
              key={dispute.id}
              className="grid gap-x-6 gap-y-1 rounded-lg border border-line bg-surface px-5 py-4 sm:grid-cols-[1fr_auto]"
            >
              <div>
                <TextLink className="font-medium" href={`/moderation/cases/${dispute.id}`}>
                  {disputeReasons[dispute.reason]}
                </TextLink>
                <p className="text-sm text-ink-2">
                  {dispute.buyerName} against {dispute.sellerName}, about “{dispute.listingTitle}”
                </p>
              </div>
              <div className="text-sm sm:text-right">
                <p className="tabular-nums">{formatMoney(dispute.held)} held</p>
                <p className={dispute.ruleBy < now ? "text-red" : "text-ink-2"}>
                  Ruling due <Moment at={dispute.ruleBy} now={now} />
                </p>
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
